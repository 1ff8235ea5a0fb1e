"""Sizes of the network, the same in src/predict/curve_grid.h."""

THUMBNAIL = 96  # px, side
STATISTICS = 39  # of the thumbnail
KNOTS = 17  # of the curve, over the guide
BINS = 8  # of the grid, over the guide
PEAK_STOPS = 4.0  # no gain is larger
LUMA = (0.2126, 0.7152, 0.0722)

# Of the encoder's convolutions; multiples of 16, because oneDNN's backward pass for 8 and for 24
# channels reads memory that nobody wrote.
WIDTHS = (16, 16, 32, 32, 32, 32)
STRIDES = (2, 2, 1, 2, 1, 1)
SEEN = STATISTICS + 2 * WIDTHS[-1]  # by each head: statistics, mean and maximum of the last features
HIDDEN = 32  # units of each head
LIFT_HIDDEN = 160  # units between statistics and mean gain
