# Builds the project in SOURCE/WAY in the folder SCRATCH, as somebody outside would, and runs it.
cmake_minimum_required(VERSION 3.22)

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT code EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "failed (${code}): ${command}\n${output}")
    endif()
endfunction()

# Settings go through a file: lists would not survive as arguments.
function(configure_with)
    foreach(setting IN LISTS ARGN)
        file(APPEND "${SCRATCH}/settings.cmake"
            "set(${setting} [==[${${setting}}]==] CACHE STRING \"\")\n")
    endforeach()
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")

if(CONFIG STREQUAL "")
    set(CONFIG Debug)
endif()
set(CMAKE_CXX_COMPILER "${COMPILER}")
set(CMAKE_CXX_FLAGS "${FLAGS}")
set(CMAKE_BUILD_TYPE "${CONFIG}")
set(CMAKE_PREFIX_PATH "${PREFIX_PATH}")
configure_with(CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS CMAKE_BUILD_TYPE CMAKE_PREFIX_PATH)

if(WAY STREQUAL "add_subdirectory")
    set(ROWAN_DEPENDENCIES_ROOT "${DEPENDENCIES_ROOT}")
    # What the outer build fetched need not be fetched again.
    set(CMAKE_INCLUDE_PATH "${DEPENDENCY_DIRS}")
    configure_with(ROWAN_SOURCE ROWAN_DEPENDENCIES_ROOT CMAKE_INCLUDE_PATH)
elseif(WAY STREQUAL "find_package")
    run("${CMAKE_COMMAND}" --install "${ROWAN_BUILD}" --config "${CONFIG}"
        --prefix "${SCRATCH}/installed")
    # Elsewhere than it was installed to: the package must not know its place.
    file(RENAME "${SCRATCH}/installed" "${SCRATCH}/moved")
    file(GLOB_RECURSE installed_files "${SCRATCH}/moved/*.cmake")
    foreach(file IN LISTS installed_files)
        file(READ "${file}" text)
        foreach(path IN ITEMS "${SCRATCH}" "${ROWAN_BUILD}" "${ROWAN_SOURCE}/")
            string(FIND "${text}" "${path}" position)
            if(NOT position EQUAL -1)
                message(FATAL_ERROR "${file} names ${path}")
            endif()
        endforeach()
    endforeach()
    set(rowan_ROOT "${SCRATCH}/moved")
    configure_with(rowan_ROOT)
elseif(WAY STREQUAL "vendored_header")
    set(THIRD_PARTY "${SCRATCH}/third_party")
    file(COPY "${ROWAN_SOURCE}/single_include/rowan.hpp" DESTINATION "${THIRD_PARTY}/rowan")
    configure_with(THIRD_PARTY DEPENDENCY_DIRS)
else()
    message(FATAL_ERROR "WAY is \"${WAY}\"")
endif()

run("${CMAKE_COMMAND}" -C "${SCRATCH}/settings.cmake" -G "${GENERATOR}"
    -S "${SOURCE}/${WAY}" -B "${SCRATCH}/build")
run("${CMAKE_COMMAND}" --build "${SCRATCH}/build" --config "${CONFIG}")
file(GLOB_RECURSE programs
    "${SCRATCH}/build/consumer" "${SCRATCH}/build/consumer_sqlite"
    "${SCRATCH}/build/consumer.exe" "${SCRATCH}/build/consumer_sqlite.exe")
if(NOT programs)
    message(FATAL_ERROR "no program in ${SCRATCH}/build")
endif()
foreach(program IN LISTS programs)
    run("${program}")
endforeach()
