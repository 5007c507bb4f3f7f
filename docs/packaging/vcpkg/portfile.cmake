# An overlay port, used from a checkout of rowan:
#
#     vcpkg install "rowan[sqlite,postgres]" --overlay-ports=<checkout>/docs/packaging/vcpkg
#
# It installs the checkout it lies in. A port for a registry has vcpkg_from_github() here instead.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# Headers are the same in a debug build.
set(VCPKG_BUILD_TYPE release)

vcpkg_check_features(OUT_FEATURE_OPTIONS feature_options
    FEATURES
        sqlite ROWAN_SQLITE
        postgres ROWAN_POSTGRES)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        ${feature_options}
        -DROWAN_BUILD_TESTS=OFF
        -DROWAN_BUILD_EXAMPLES=OFF
        -DROWAN_FETCH_DEPENDENCIES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/rowan)

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib" "${CURRENT_PACKAGES_DIR}/share/doc")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
