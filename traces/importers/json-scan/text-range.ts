/** Where a text stands in the buffer; start -1: there is none. */
export class TextRange {
  start = -1;
  end = -1;
  escaped = false;

  set(start: number, end: number, escaped: boolean): void {
    this.start = start;
    this.end = end;
    this.escaped = escaped;
  }

  clear(): void {
    this.start = -1;
  }
}
