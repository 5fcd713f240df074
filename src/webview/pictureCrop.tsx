import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import './pictureCrop.css';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';
import { TextButton } from './buttons.tsx';
import { Icon } from './icon.tsx';
import { base64Of } from './pictureFile.ts';

/** Pixels a side: of the area on the screen, of its preview, and of what is sent. */
const areaSide = 256;
const previewSide = 72;
const maxSentSide = 512;
const maxZoom = 8;
const zoomStep = 5;
const keyStep = 8;
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-keyStep, 0],
  ArrowRight: [keyStep, 0],
  ArrowUp: [0, -keyStep],
  ArrowDown: [0, keyStep],
};
/** Of these, what is transparent stays so. */
const withTransparency = /^data:image\/(?:png|gif|webp)/;

/** A square of a picture, in the picture's own pixels. */
interface Square {
  x: number;
  y: number;
  side: number;
}

/**
 * Cuts a square out of a picture. The libraries that do this write markup into the page, which its Trusted Types
 * refuse, and leave out the keyboard.
 */
export function PictureCrop({ source, upload }: NonNullable<PageState['crop']>) {
  const { strings, host, change } = usePage();
  const { image, status } = useImage(source);
  const [zoom, setZoom] = useState(0);
  const [middle, setMiddle] = useState<{ x: number; y: number }>();
  const dialog = useRef<HTMLDialogElement>(null);
  const area = useRef<HTMLCanvasElement>(null);
  const preview = useRef<HTMLCanvasElement>(null);
  const square = squareIn(image, zoom, middle);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    area.current?.focus();
  }, []);
  useLayoutEffect(() => {
    if (status === 'ready')
      for (const canvas of [area.current, preview.current]) if (canvas) draw(image, square, canvas);
  });

  const zoomBy = (steps: number): void => setZoom((now) => Math.min(Math.max(now + steps, 0), 100));
  const move = (x: number, y: number): void => {
    if (upload.isSending) return;
    const scale = square.side / areaSide;
    setMiddle({ x: square.x + square.side / 2 + x * scale, y: square.y + square.side / 2 + y * scale });
  };
  const send = async (): Promise<void> => {
    const content = await cut(image, square, withTransparency.test(source) ? 'image/png' : 'image/jpeg');
    if (content !== null) host.uploadPicture(await base64Of(content));
  };
  const close = (): void => {
    if (upload.isSending) host.cancelUpload();
    change({ crop: undefined });
  };
  const fault = status === 'unreadable' ? strings.pictureUnreadable : upload.fault;
  return (
    <dialog ref={dialog} class="crop" aria-labelledby="crop-title" onClose={close}>
      <h2 id="crop-title">{strings.cropTitle}</h2>
      <div class="crop-body">
        <canvas
          ref={area}
          class="crop-area"
          width={areaSide}
          height={areaSide}
          tabIndex={0}
          role="img"
          aria-label={strings.cropArea}
          aria-describedby="crop-help"
          onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
          onPointerMove={({ currentTarget, pointerId, movementX, movementY }) => {
            if (currentTarget.hasPointerCapture(pointerId)) move(-movementX, -movementY);
          }}
          onWheel={(event) => {
            event.preventDefault();
            zoomBy(event.deltaY < 0 ? zoomStep : -zoomStep);
          }}
          onKeyDown={(event) => {
            const step = moves[event.key];
            if (step !== undefined) move(...step);
            else if (event.key === '+' || event.key === '-') zoomBy(event.key === '+' ? zoomStep : -zoomStep);
            else return;
            event.preventDefault();
          }}
        />
        <div class="crop-side">
          <canvas ref={preview} class="avatar" width={previewSide * 2} height={previewSide * 2} aria-hidden="true" />
          <p>{strings.preview}</p>
        </div>
      </div>
      <label class="crop-zoom">
        <Icon name="zoom-in" />
        <input
          type="range"
          min={0}
          max={100}
          value={zoom}
          aria-label={strings.zoom}
          disabled={upload.isSending}
          onInput={({ currentTarget }) => setZoom(Number(currentTarget.value))}
        />
      </label>
      <p class="note" id="crop-help">
        {strings.cropHelp}
      </p>
      <progress hidden={!upload.isSending} max={1} value={upload.share} aria-label={strings.cropTitle} />
      <p class="note fault" role="alert">
        {fault !== '' && <Icon name="error" />}
        {fault}
      </p>
      <div class="form-actions">
        <TextButton
          label={strings.upload}
          isPrimary
          isDisabled={upload.isSending || status !== 'ready'}
          onClick={() => void send()}
        />
        <TextButton label={strings.cancel} onClick={() => dialog.current?.close()} />
      </div>
    </dialog>
  );
}

/** A picture, and whether it is there. */
function useImage(source: string) {
  const image = useMemo(() => new Image(), []);
  const [status, setStatus] = useState<'loading' | 'ready' | 'unreadable'>('loading');
  useEffect(() => {
    image.addEventListener('load', () => setStatus('ready'));
    image.addEventListener('error', () => setStatus('unreadable'));
    image.src = source;
  }, [image, source]);
  return { image, status };
}

/** The square around `middle`, moved so far that it lies in the picture. */
function squareIn({ naturalWidth, naturalHeight }: HTMLImageElement, zoom: number, middle?: { x: number; y: number }) {
  const side = Math.min(naturalWidth, naturalHeight) / maxZoom ** (zoom / 100);
  const from = (center: number, length: number): number => Math.min(Math.max(center - side / 2, 0), length - side);
  return {
    x: from(middle?.x ?? naturalWidth / 2, naturalWidth),
    y: from(middle?.y ?? naturalHeight / 2, naturalHeight),
    side,
  };
}

function draw(image: HTMLImageElement, { x, y, side }: Square, canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingQuality = 'high';
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, x, y, side, side, 0, 0, canvas.width, canvas.height);
}

async function cut(image: HTMLImageElement, square: Square, type: string): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.max(1, Math.round(Math.min(square.side, maxSentSide)));
  draw(image, square, canvas);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, type, 0.92);
  });
}
