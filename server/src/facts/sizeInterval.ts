/** A non-negative integer known as an interval, in bytes or elements. `max` is undefined when unbounded or unknown. */
export interface SizeInterval {
  readonly min: number;
  readonly max: number | undefined;
}
