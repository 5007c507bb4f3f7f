# Checks the syntax of SOURCE with the compiler described in SETTINGS.
#
# With MUST_FAIL, SOURCE has lines "// error: some text" and must be rejected with each of those
# texts in the compiler's output. It is then checked again with ROWAN_CONTROL defined, and must be
# accepted: otherwise it may have failed for another reason than the mistake it shows. Where it includes
# all of rowan, it starts from WHOLE, which has just that.
#
# With PRECOMPILE, SOURCE is such a header, and becomes that file.
cmake_minimum_required(VERSION 3.22)

include("${SETTINGS}")

set(command "${compiler}" ${flags} -std=c++20 -fsyntax-only -fdiagnostics-color=never)
if(WARNINGS)
    list(APPEND command ${warnings})
endif()
foreach(definition IN LISTS definitions)
    list(APPEND command "-D${definition}")
endforeach()
foreach(directory IN LISTS include_dirs)
    if(directory STREQUAL own_include_dir)
        list(APPEND command "-I${directory}")
    # -isystem with a folder the compiler has anyway would reorder its own headers.
    elseif(directory AND NOT directory IN_LIST implicit_include_dirs)
        list(APPEND command -isystem "${directory}")
    endif()
endforeach()

if(PRECOMPILE)
    list(REMOVE_ITEM command -fsyntax-only)
    execute_process(COMMAND ${command} -x c++-header "${SOURCE}" -o "${PRECOMPILE}" COMMAND_ERROR_IS_FATAL ANY)
    return()
endif()

# The messages are compared with English texts in ASCII quotes.
set(ENV{LC_ALL} C)

function(compile result output)
    execute_process(COMMAND ${command} ${ARGN} "${SOURCE}"
        RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
    set(${result} "${code}" PARENT_SCOPE)
    set(${output} "${text}" PARENT_SCOPE)
endfunction()

if(NOT MUST_FAIL)
    compile(code output)
    if(NOT code EQUAL 0)
        message(FATAL_ERROR "${SOURCE} does not compile (${code}):\n${output}")
    endif()
    return()
endif()

# Brackets and semicolons in the file would confuse a list of its lines.
file(READ "${SOURCE}" rest)
if(WHOLE AND EXISTS "${WHOLE}" AND rest MATCHES "#include <rowan/rowan.hpp>")
    if(WHOLE MATCHES "\\.pch$")
        list(APPEND command -include-pch "${WHOLE}")
    else()
        # GCC takes the precompiled file beside this one.
        string(REGEX REPLACE "\\.gch$" "" header "${WHOLE}")
        list(APPEND command -include "${header}")
    endif()
endif()
string(APPEND rest "\n")
set(count 0)
while(NOT rest STREQUAL "")
    string(FIND "${rest}" "\n" end)
    string(SUBSTRING "${rest}" 0 ${end} line)
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${rest}" ${end} -1 rest)
    if(line MATCHES "^// error: (.*[^ \t\r])")
        math(EXPR count "${count} + 1")
        set(expected_${count} "${CMAKE_MATCH_1}")
    endif()
endwhile()
if(count EQUAL 0)
    message(FATAL_ERROR "${SOURCE} has no line \"// error: some text\"")
endif()

compile(code output)
if(code EQUAL 0)
    message(FATAL_ERROR "${SOURCE} compiles, but must not. Compiler output:\n${output}")
endif()
foreach(number RANGE 1 ${count})
    string(FIND "${output}" "${expected_${number}}" position)
    if(position EQUAL -1)
        message(FATAL_ERROR
            "${SOURCE} is rejected, but without the text\n    ${expected_${number}}\n"
            "Compiler output:\n${output}")
    endif()
endforeach()

# Once is enough, and half of the time: whether the rest of the file is sound does not depend on the compiler.
if(NO_CONTROL)
    return()
endif()
compile(code output -DROWAN_CONTROL)
if(NOT code EQUAL 0)
    message(FATAL_ERROR
        "${SOURCE} must compile with ROWAN_CONTROL defined. Compiler output:\n${output}")
endif()
