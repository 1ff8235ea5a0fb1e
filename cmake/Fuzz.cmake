# fuzz/*.cc: one fuzz target each. With HDRP_FUZZ each is a program linked with libFuzzer; under a
# sanitizer they are one program, `replay NAME FILE...`, and a test for each runs it over the corpus
# of hostile files.
file(GLOB fuzz_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/fuzz/*.cc")
set(replay_main "${PROJECT_SOURCE_DIR}/fuzz/replay_main.cc")
list(REMOVE_ITEM fuzz_sources "${replay_main}")

function(hdrp_fuzz_program program)
  target_sources(${program} PRIVATE ${ARGN})
  target_link_libraries(${program} PRIVATE hdrp_service hdrp_evaluate)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
endfunction()

if(HDRP_FUZZ)
  foreach(source IN LISTS fuzz_sources)
    get_filename_component(name "${source}" NAME_WE)
    add_executable(${name})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    hdrp_fuzz_program(${name} "${source}")
  endforeach()
elseif(HDRP_SANITIZER)
  # Each target's entry point gets a name of its own, and the table that replay_main looks it up in.
  set(declarations "")
  set(rows "")
  foreach(source IN LISTS fuzz_sources)
    get_filename_component(name "${source}" NAME_WE)
    set_source_files_properties("${source}" PROPERTIES
      COMPILE_DEFINITIONS "LLVMFuzzerTestOneInput=Replay_${name}")
    string(APPEND declarations
      "extern \"C\" int Replay_${name}(const std::uint8_t* data, std::size_t size);\n")
    string(APPEND rows "    {\"${name}\", Replay_${name}},\n")
    if(HDRP_TESTS)
      add_test(NAME replay_${name} COMMAND "${PROJECT_SOURCE_DIR}/fuzz/replay_hostile"
        "$<TARGET_FILE:replay>" "${name}")
      set_tests_properties(replay_${name} PROPERTIES LABELS fuzz TIMEOUT 600 SKIP_RETURN_CODE 77)
    endif()
  endforeach()
  set(table "${PROJECT_BINARY_DIR}/generated/replay_targets.cc")
  file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT [[
// Made by cmake/Fuzz.cmake.
#include "replay_targets.h"

@declarations@
std::span<const ReplayTarget> ReplayTargets() {
  static constexpr ReplayTarget kTargets[] = {
@rows@  };
  return kTargets;
}
]])
  add_executable(replay)
  target_include_directories(replay PRIVATE "${PROJECT_SOURCE_DIR}/fuzz")
  hdrp_fuzz_program(replay "${replay_main}" "${table}" ${fuzz_sources})
  hdrp_precompile(replay FROM hdrp_base)
endif()
