import type { ContactHost, PageStrings, UploadView } from '../protocol/contactPage.ts';
import { element, textButton } from './dom.ts';
import { icon } from './icons.ts';
import { base64Of } from './pictureFile.ts';

/** Pixels a side: of the area on the screen, of its preview, and of what is sent. */
const areaSide = 256;
const previewSide = 72;
const maxSentSide = 512;
const maxZoom = 8;
const keyStep = 8;
/** Of these, what is transparent stays so. */
const withTransparency = /^data:image\/(?:png|gif|webp)/;

/**
 * Cuts a square out of a picture. The libraries that do this write markup into the page, which its Trusted Types
 * refuse, and leave out the keyboard.
 */
export class PictureCrop {
  readonly dialog: HTMLDialogElement;
  private readonly host: ContactHost;
  private readonly source: string;
  private readonly image = new Image();
  private readonly area: HTMLCanvasElement;
  private readonly preview: HTMLCanvasElement;
  private readonly zoom: HTMLInputElement;
  private readonly fault: HTMLElement;
  private readonly progress: HTMLProgressElement;
  private readonly upload: HTMLButtonElement;
  /** The middle of the square, in pixels of the picture. */
  private middle = { x: 0, y: 0 };
  private isSending = false;

  constructor(source: string, strings: PageStrings, host: ContactHost) {
    this.host = host;
    this.source = source;
    this.area = element('canvas', {
      class: 'crop-area',
      attributes: {
        width: String(areaSide),
        height: String(areaSide),
        tabindex: '0',
        role: 'img',
        'aria-label': strings.cropArea,
        'aria-describedby': 'crop-help',
      },
    });
    this.preview = element('canvas', {
      class: 'avatar',
      attributes: { width: String(previewSide * 2), height: String(previewSide * 2), 'aria-hidden': 'true' },
    });
    this.zoom = element('input', {
      attributes: { type: 'range', min: '0', max: '100', value: '0', 'aria-label': strings.zoom },
    });
    this.fault = element('p', { class: 'note fault', attributes: { role: 'alert' } });
    this.progress = element('progress', { attributes: { max: '1', 'aria-label': strings.cropTitle } });
    this.upload = textButton(strings.upload, () => void this.send());
    this.upload.classList.add('primary');
    this.dialog = element(
      'dialog',
      { class: 'crop', attributes: { 'aria-labelledby': 'crop-title' } },
      element('h2', { attributes: { id: 'crop-title' } }, strings.cropTitle),
      element(
        'div',
        { class: 'crop-body' },
        this.area,
        element('div', { class: 'crop-side' }, this.preview, element('p', {}, strings.preview)),
      ),
      element('label', { class: 'crop-zoom' }, icon('zoom-in'), this.zoom),
      element('p', { class: 'note', attributes: { id: 'crop-help' } }, strings.cropHelp),
      this.progress,
      this.fault,
      element(
        'div',
        { class: 'form-actions' },
        this.upload,
        textButton(strings.cancel, () => this.dialog.close()),
      ),
    );
    this.listen(strings);
    this.update({ isSending: false, share: 0, fault: '' });
  }

  /** Shows it over the page. */
  open(): void {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.area.focus();
    this.image.src = this.source;
  }

  close(): void {
    this.isSending = false;
    this.dialog.close();
  }

  update({ isSending, share, fault }: UploadView): void {
    this.isSending = isSending;
    this.progress.hidden = !isSending;
    this.progress.value = share;
    this.upload.disabled = isSending || !this.image.complete || this.image.naturalWidth === 0;
    this.zoom.disabled = isSending;
    this.fault.replaceChildren(...(fault === '' ? [] : [icon('error'), fault]));
  }

  private listen(strings: PageStrings): void {
    this.image.addEventListener('load', () => {
      this.middle = { x: this.image.naturalWidth / 2, y: this.image.naturalHeight / 2 };
      this.upload.disabled = false;
      this.draw();
    });
    this.image.addEventListener('error', () =>
      this.update({ isSending: false, share: 0, fault: strings.pictureUnreadable }),
    );
    this.zoom.addEventListener('input', () => this.draw());
    this.area.addEventListener('pointerdown', (event) => this.area.setPointerCapture(event.pointerId));
    this.area.addEventListener('pointermove', (event) => {
      if (this.area.hasPointerCapture(event.pointerId)) this.move(-event.movementX, -event.movementY);
    });
    this.area.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.zoomBy(event.deltaY < 0 ? 5 : -5);
      },
      { passive: false },
    );
    this.area.addEventListener('keydown', (event) => {
      const moves: Record<string, [number, number]> = {
        ArrowLeft: [-keyStep, 0],
        ArrowRight: [keyStep, 0],
        ArrowUp: [0, -keyStep],
        ArrowDown: [0, keyStep],
      };
      const move = moves[event.key];
      if (move !== undefined) this.move(...move);
      else if (event.key === '+' || event.key === '-') this.zoomBy(event.key === '+' ? 5 : -5);
      else return;
      event.preventDefault();
    });
    this.dialog.addEventListener('close', () => {
      if (this.isSending) this.host.cancelUpload();
      this.dialog.remove();
    });
  }

  /** The side of the square, in pixels of the picture. */
  private get side(): number {
    const whole = Math.min(this.image.naturalWidth, this.image.naturalHeight);
    return whole / maxZoom ** (Number(this.zoom.value) / 100);
  }

  private zoomBy(steps: number): void {
    this.zoom.value = String(Number(this.zoom.value) + steps);
    this.draw();
  }

  /** Moves the square over the picture, by pixels of the screen. */
  private move(x: number, y: number): void {
    if (this.isSending) return;
    const scale = this.side / areaSide;
    this.middle = { x: this.middle.x + x * scale, y: this.middle.y + y * scale };
    this.draw();
  }

  private draw(): void {
    const half = this.side / 2;
    const within = (value: number, length: number): number => Math.min(Math.max(value, half), length - half);
    this.middle = {
      x: within(this.middle.x, this.image.naturalWidth),
      y: within(this.middle.y, this.image.naturalHeight),
    };
    for (const canvas of [this.area, this.preview]) this.drawSquare(canvas);
  }

  private drawSquare(canvas: HTMLCanvasElement): void {
    const context = canvas.getContext('2d');
    const { side, middle } = this;
    if (context === null) return;
    context.imageSmoothingQuality = 'high';
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(
      this.image,
      middle.x - side / 2,
      middle.y - side / 2,
      side,
      side,
      0,
      0,
      canvas.width,
      canvas.height,
    );
  }

  private async send(): Promise<void> {
    const side = Math.max(1, Math.round(Math.min(this.side, maxSentSide)));
    const canvas = element('canvas', { attributes: { width: String(side), height: String(side) } });
    this.drawSquare(canvas);
    const type = withTransparency.test(this.source) ? 'image/png' : 'image/jpeg';
    const content = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.92));
    if (content !== null) this.host.uploadPicture(await base64Of(content));
  }
}
