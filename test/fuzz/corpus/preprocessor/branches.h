#if defined(CONFIG_A) && !IS_ENABLED(CONFIG_B) || (X << 3) >= 0x10ul /* c */
int a(void) {
#elif __has_attribute(x) ? 'a' : -1
int b(void) {
#else
int c(void) {
#endif
	return 1;
}
#ifndef Y
# define Y(a, b...) a ## b
#endif
