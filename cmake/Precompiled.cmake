# Precompiled headers (HDRP_PCH): the standard library's headers that most sources include, parsed
# once for src/ and, together with gmock, once for the tests. Sources still name what they use: the
# test `includes` looks for names without their header. The compiler cache keeps the precompiled
# files too; made anew they would differ byte for byte, and nothing that was compiled with them would
# be found again. Left out are <format> and what brings it along (<memory>, <chrono>, <filesystem>,
# streams): they make every source that takes them from there a second slower, used or not.
set(hdrp_pch_headers
  <algorithm> <array> <cmath> <cstdint> <expected> <functional> <map> <optional> <ranges> <span>
  <string> <string_view> <utility> <variant> <vector>)

# hdrp_precompile(TARGET HEADERS header...): these headers are compiled for TARGET.
# hdrp_precompile(TARGET FROM other):        TARGET uses those of `other`.
function(hdrp_precompile target)
  if(NOT HDRP_PCH)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FROM" "HEADERS")
  if(arg_FROM)
    target_precompile_headers(${target} REUSE_FROM ${arg_FROM})
  else()
    target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
  endif()
  # GCC takes one only where these agree. CMake gives programs -fPIE, and some libraries bring
  # -pthread; this comes later, and the last one counts.
  target_compile_options(${target} PRIVATE -fPIC -pthread)
endfunction()
