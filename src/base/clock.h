// std::chrono's clocks and durations. <chrono> brings calendars, time zones and their formats
// along, half a second of every source's compilation; where the library keeps the rest apart, this
// is the rest.
#pragma once

#if __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif
