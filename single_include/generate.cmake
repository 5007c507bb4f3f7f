# Writes single_include/rowan.hpp, all of rowan in one file:
#
#     cmake -P single_include/generate.cmake
#     cmake -DOUTPUT=elsewhere.hpp -P single_include/generate.cmake
#     cmake -DOUTPUT=fresh.hpp -DCOMPARE=single_include/rowan.hpp -P single_include/generate.cmake
#
# The last form fails when the two files differ.
cmake_minimum_required(VERSION 3.22)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)
# Another folder in the place of include/ serves to test this script.
if(NOT INCLUDE)
    set(INCLUDE "${root}/include")
endif()
if(NOT OUTPUT)
    set(OUTPUT "${CMAKE_CURRENT_LIST_DIR}/rowan.hpp")
endif()

# C++ text is full of semicolons and brackets, which a CMake list would split or join. So text here
# is only ever one string, cut with string(FIND) and string(SUBSTRING).

set(text
"// rowan in one file, written by single_include/generate.cmake from include/rowan. Do not edit.
// Boost Software License, Version 1.0: https://www.boost.org/LICENSE_1_0.txt

#pragma once
")

# The #if conditions around the current line: condition_1 to condition_<depth>.
set(depth 0)
# The files being read, each included by the one before: header_1, rest_1 and so on.
set(level 0)

# Starts reading a header, unless that was done before.
macro(enter name)
    string(MAKE_C_IDENTIFIER "met_${name}" key)
    if(DEFINED ${key}_depth)
        # Each condition it was met under must hold here as well, or its text is not seen from here.
        set(number 1)
        while(NOT number GREATER ${key}_depth)
            set(holds FALSE)
            set(around 1)
            while(NOT around GREATER depth)
                if(condition_${around} STREQUAL ${key}_condition_${number})
                    set(holds TRUE)
                endif()
                math(EXPR around "${around} + 1")
            endwhile()
            if(NOT holds)
                message(FATAL_ERROR
                    "<${name}> is first included under \"${${key}_condition_${number}}\" and later, "
                    "in <${header_${level}}>, outside of that condition. In one file its text "
                    "would be missing there: include it before, without a condition.")
            endif()
            math(EXPR number "${number} + 1")
        endwhile()
    else()
        if(NOT EXISTS "${INCLUDE}/${name}")
            message(FATAL_ERROR "there is no <${name}> in ${INCLUDE}")
        endif()
        set(${key}_depth ${depth})
        foreach(number RANGE ${depth})
            set(${key}_condition_${number} "${condition_${number}}")
        endforeach()
        math(EXPR level "${level} + 1")
        set(header_${level} "${name}")
        set(depth_${level} ${depth})
        file(READ "${INCLUDE}/${name}" rest_${level})
        string(APPEND text "\n// ---- ${name} ----\n\n")
    endif()
endmacro()

enter("rowan/rowan.hpp")
set(entered_last FALSE)
while(level GREATER 0 OR NOT entered_last)
    if(level EQUAL 0)
        # Everything else, which programs include by itself.
        enter("rowan/observe.hpp")
        set(entered_last TRUE)
    endif()
    if(rest_${level} STREQUAL "")
        if(NOT depth EQUAL depth_${level})
            message(FATAL_ERROR "<${header_${level}}> has an #if without its #endif")
        endif()
        math(EXPR level "${level} - 1")
        continue()
    endif()

    string(FIND "${rest_${level}}" "\n" end)
    if(end EQUAL -1)
        set(line "${rest_${level}}")
        set(rest_${level} "")
    else()
        string(SUBSTRING "${rest_${level}}" 0 ${end} line)
        math(EXPR end "${end} + 1")
        string(SUBSTRING "${rest_${level}}" ${end} -1 rest_${level})
    endif()

    if(line MATCHES "^[ \t]*#[ \t]*pragma[ \t]+once")
        continue()
    endif()
    if(line MATCHES "^[ \t]*#[ \t]*include[ \t]*<(rowan/[^>]*)>")
        enter("${CMAKE_MATCH_1}")
        continue()
    endif()
    if(line MATCHES "^[ \t]*#[ \t]*include[ \t]*\"")
        message(FATAL_ERROR "<${header_${level}}> must include with <...>: ${line}")
    endif()
    if(line MATCHES "^[ \t]*#[ \t]*(if|ifdef|ifndef)[ \t(!]")
        if(line MATCHES "\\\\[ \t\r]*$")
            message(FATAL_ERROR "<${header_${level}}> must hold this condition on one line: ${line}")
        endif()
        math(EXPR depth "${depth} + 1")
        string(STRIP "${line}" condition_${depth})
    elseif(line MATCHES "^[ \t]*#[ \t]*(elif|else)")
        # What was met in the branches before is not seen in this one.
        string(STRIP "${line}" branch)
        set(condition_${depth} "${condition_${depth}} ${branch}")
    elseif(line MATCHES "^[ \t]*#[ \t]*endif")
        if(NOT depth GREATER depth_${level})
            message(FATAL_ERROR "<${header_${level}}> has an #endif without its #if")
        endif()
        math(EXPR depth "${depth} - 1")
    endif()
    string(APPEND text "${line}\n")
endwhile()

# Both together are everything but what users' tests include; the other headers directly in rowan/ only choose from it.
file(GLOB_RECURSE headers RELATIVE "${INCLUDE}" "${INCLUDE}/rowan/*.hpp")
foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER "met_${header}" key)
    if(NOT DEFINED ${key}_depth AND NOT header MATCHES "^rowan/([^/]*|testing/.*)$")
        message(WARNING "<${header}> is not reached from <rowan/rowan.hpp> or <rowan/observe.hpp>, and so left out")
    endif()
endforeach()

file(WRITE "${OUTPUT}" "${text}")

if(COMPARE)
    set(committed "")
    if(EXISTS "${COMPARE}")
        file(READ "${COMPARE}" committed)
    endif()
    if(NOT committed STREQUAL text)
        message(FATAL_ERROR
            "${COMPARE} is stale. Write it anew with\n"
            "    cmake -P single_include/generate.cmake\n"
            "The difference: diff ${COMPARE} ${OUTPUT}")
    endif()
endif()
