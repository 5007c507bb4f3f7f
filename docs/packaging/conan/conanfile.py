# A recipe for Conan 2, used from a checkout of rowan:
#
#     conan create docs/packaging/conan --build=missing
#     conan create docs/packaging/conan --build=missing -o "rowan/*:postgres=True"
#
# Afterwards "rowan/0.1.0" can be required; with CMakeDeps, find_package(rowan) has the targets
# rowan::rowan, rowan::sqlite and rowan::postgres.

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy
from conan.tools.layout import basic_layout


class RowanConan(ConanFile):
    name = "rowan"
    version = "0.1.0"
    description = "Plain structs as SQL tables, over SQLite and PostgreSQL"
    license = "BSL-1.0"
    topics = ("sql", "orm", "sqlite", "postgresql", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"sqlite": [True, False], "postgres": [True, False]}
    default_options = {
        "sqlite": True,
        "postgres": False,
        "boost/*:header_only": True,
    }
    no_copy_source = True

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..", "..")
        copy(self, "include/*", src=root, dst=self.export_sources_folder)
        copy(self, "LICENSE", src=root, dst=self.export_sources_folder)

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("boost/1.84.0")
        if self.options.sqlite:
            self.requires("sqlite3/[>=3.40 <4]")
        if self.options.postgres:
            self.requires("libpq/[>=14 <18]")

    def package_id(self):
        # The headers are the same for every compiler, the backends offered are not.
        self.info.settings.clear()

    def validate(self):
        if not self.options.sqlite and not self.options.postgres:
            raise ConanInvalidConfiguration("rowan needs sqlite=True or postgres=True")
        if self.settings.get_safe("compiler.cppstd"):
            check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"),
             os.path.join(self.package_folder, "include"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "rowan")
        self.cpp_info.set_property("cmake_target_name", "rowan::rowan")
        backends = {"sqlite": "sqlite3::sqlite3", "postgres": "libpq::pq"}

        headers = self.cpp_info.components["headers"]
        headers.set_property("cmake_target_name", "rowan::headers")
        headers.requires = ["boost::headers"]

        for backend, library in backends.items():
            if not self.options.get_safe(backend):
                continue
            component = self.cpp_info.components[backend]
            component.set_property("cmake_target_name", f"rowan::{backend}")
            component.defines = [f"ROWAN_WITH_{backend.upper()}=1"]
            component.requires = ["headers", library]

        for component in self.cpp_info.components.values():
            component.bindirs = []
            component.libdirs = []
