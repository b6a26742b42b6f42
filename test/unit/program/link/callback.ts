/** A function that allocates with GFP_KERNEL, to be registered as a callback; `want` goes to the line of the allocation. */
export const callback = (name: string, want: string, specifiers = '') => `
${specifiers}int ${name}(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return 0;
}
`;
export const WANT = '// want sleep-in-atomic';
export const PERHAPS = '// want? sleep-in-atomic';
