// Meson builds no library without a source file.
using prospect_empty = int;
