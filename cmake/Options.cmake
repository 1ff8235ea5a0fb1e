# How everything is compiled.
# env/run says where the cache is. What it keeps serves any checkout: no path of this one may stand in a
# definition, and tests learn where they are from their environment (tests/support/corpus.h).
find_program(HDRP_CCACHE ccache)
if(HDRP_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${HDRP_CCACHE}")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
# The folders' libraries go into the codec module too.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# Line tables are what traces and breakpoints need.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  # The same numbers with and without FMA instructions.
  -ffp-contract=off
  # The same bytes from any folder.
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.")
if(HDRP_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Dev")
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(HDRP_SANITIZER)
  set(sanitize "-fsanitize=${HDRP_SANITIZER}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_options(${sanitize})
  add_link_options(${sanitize})
endif()
if(HDRP_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
add_link_options(-Wl,--as-needed)

find_package(Threads REQUIRED)
