/* Meson builds no library without a source file. */
typedef int prospect_empty;
