import type { Frame } from 'playwright-core';

/** Gives the page of a contact a file, as a paste or a drop on its header does. */
export const giveFile = (panel: Frame, how: 'paste' | 'drop', content: Uint8Array, fileName: string): Promise<void> =>
  panel.evaluate(`(() => {
    const bytes = Uint8Array.fromBase64('${Buffer.from(content).toString('base64')}');
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], '${fileName}'));
    if ('${how}' === 'paste') {
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
    } else {
      const header = document.querySelector('.contact-header');
      header.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  })()`);
