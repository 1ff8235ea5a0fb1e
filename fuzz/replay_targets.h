// The fuzz targets by name, where they are linked into one program (cmake/Fuzz.cmake).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

struct ReplayTarget {
  std::string_view name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

/// All of fuzz/*.cc.
[[nodiscard]] std::span<const ReplayTarget> ReplayTargets();
