/**
 * Cuts text into records of comma-separated fields (RFC 4180) as it comes: quotes may hold commas, line feeds and
 * doubled quotes. A record that the end of the text cuts off inside quotes is given with `isCut`.
 */
export class CsvRecords {
  readonly #onRecord: (fields: readonly string[], isCut: boolean) => void;
  #fields: string[] = [];
  #field = "";
  #isQuoted = false;
  /** The last character was a quote inside quotes: the end of them, or the first of two. */
  #afterQuote = false;

  constructor(onRecord: (fields: readonly string[], isCut: boolean) => void) {
    this.#onRecord = onRecord;
  }

  push(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const char = text[i];
      if (this.#afterQuote) {
        this.#afterQuote = false;
        if (char === '"') {
          this.#field += '"';
          continue;
        }
        this.#isQuoted = false;
      }
      if (this.#isQuoted) {
        if (char === '"') this.#afterQuote = true;
        else this.#field += char;
      } else if (char === '"') this.#isQuoted = true;
      else if (char === ",") this.#endField();
      else if (char === "\n") this.#endRecord(false);
      else if (char !== "\r") this.#field += char;
    }
  }

  end(): void {
    const isCut = this.#isQuoted && !this.#afterQuote;
    if (this.#fields.length > 0 || this.#field !== "") this.#endRecord(isCut);
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
  }

  #endRecord(isCut: boolean): void {
    this.#endField();
    const fields = this.#fields;
    this.#fields = [];
    this.#isQuoted = false;
    this.#onRecord(fields, isCut);
  }
}
