# Runs PROGRAM with WORD, and expects that it aborts with TEXT on its stderr.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND "${PROGRAM}" "${WORD}" RESULT_VARIABLE code ERROR_VARIABLE errors)
# What is ended by a signal has its name instead of a number.
if(code MATCHES "^[0-9]+$")
    message(FATAL_ERROR "${PROGRAM} ${WORD} did not abort, it ended with ${code}. On stderr:\n${errors}")
endif()
string(FIND "${errors}" "${TEXT}" position)
if(position EQUAL -1)
    message(FATAL_ERROR "${PROGRAM} ${WORD} aborted (${code}) without the text\n${TEXT}\nOn stderr:\n${errors}")
endif()
