# The upload page as part of the program: web/build bundles it with esbuild, and a generated source
# takes the files in with .incbin. Without esbuild the service says that it has no page.
# Sets hdrp_page_source.
find_program(HDRP_ESBUILD esbuild)
set(hdrp_page_folder "${PROJECT_BINARY_DIR}/web")
set(hdrp_page_source "${PROJECT_BINARY_DIR}/generated/page_assets.cc")
file(GLOB_RECURSE hdrp_page_inputs CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/web/src/*")
set(hdrp_page_bundle "")
if(HDRP_ESBUILD AND EXISTS "${PROJECT_SOURCE_DIR}/web/src/index.html")
  set(hdrp_page_bundle COMMAND "${PROJECT_SOURCE_DIR}/web/build" "${hdrp_page_folder}")
endif()
add_custom_command(
  OUTPUT "${hdrp_page_source}"
  ${hdrp_page_bundle}
  COMMAND "${CMAKE_COMMAND}" "-DPAGE=${hdrp_page_folder}" "-DOUTPUT=${hdrp_page_source}"
    -P "${PROJECT_SOURCE_DIR}/cmake/embed_page.cmake"
  DEPENDS ${hdrp_page_inputs} "${PROJECT_SOURCE_DIR}/web/build"
    "${PROJECT_SOURCE_DIR}/cmake/embed_page.cmake"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "Bundling the page" VERBATIM)
