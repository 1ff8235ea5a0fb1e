# The folders of src/, the lowest first, and which others each may include: what the build links and
# what the test `layers` holds every #include against (docs/architecture.md has the table with words).
# A new folder is a line here; its libraries are in src/CMakeLists.txt, and what third-party headers it
# may include in tests/source/layers.cmake.
set(hdrp_layers
  "base:"
  "color: base"
  "gainmap: base"
  "metadata: base gainmap"
  "heif:"
  "decode: base color gainmap metadata heif"
  "align: base color gainmap"
  "guard: base color gainmap"
  "package: base color gainmap metadata heif"
  "edit: base color gainmap metadata decode package"
  "obtain: base color gainmap metadata decode package edit"
  "predict: base color gainmap metadata decode guard edit obtain"
  "place: base color gainmap metadata decode align guard package edit obtain predict"
  "derive: base color gainmap metadata decode align package edit obtain place"
  "verify: base gainmap metadata decode"
  "pipeline: base color gainmap metadata decode align guard package edit obtain predict place derive verify"
  "evaluate: base color gainmap metadata decode guard edit obtain predict pipeline"
  "service: base pipeline"
  "module: base align decode package predict service"
  "cli: base pipeline evaluate service")

# hdrp_folders: their names. hdrp_may_FOLDER: those that FOLDER may include.
set(hdrp_folders "")
foreach(layer IN LISTS hdrp_layers)
  string(REGEX MATCH "^([a-z]+):(.*)$" matched "${layer}")
  list(APPEND hdrp_folders "${CMAKE_MATCH_1}")
  set(folder "${CMAKE_MATCH_1}")
  separate_arguments(hdrp_may_${folder} UNIX_COMMAND "${CMAKE_MATCH_2}")
endforeach()
