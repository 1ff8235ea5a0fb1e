// Files as a file manager or the clipboard hands them over to a page.

export interface NamedFile {
  name: string;
  bytes: Uint8Array;
}

export interface EncodedFile {
  name: string;
  base64: string;
}

export function encoded(files: NamedFile[]): EncodedFile[] {
  return files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
}

/** Runs in the page; `place` is a selector. */
export function handOverInPage(how: 'drop' | 'paste', files: EncodedFile[], place: string): void {
  const transfer = new DataTransfer();
  for (const { name, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  const target = document.querySelector(place) ?? document.body;
  const init = { bubbles: true, cancelable: true };
  if (how === 'paste') {
    target.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: transfer }));
    return;
  }
  for (const type of ['dragenter', 'dragover', 'drop']) {
    target.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: transfer }));
  }
}
