import { useEffect, useRef } from 'preact/hooks';
import './files.css';
import type { FileView } from '../protocol/contactViews.ts';
import { IconButton, LinkButton, TextButton } from './buttons.tsx';
import { Icon } from './icon.tsx';
import { usePage, useThumbnail } from './pageContext.ts';
import type { PageState } from './pageState.ts';
import { Row, SectionPanel } from './rows.tsx';

/** A file among other things that happened. */
export function FileRow({ id, icon, name, author, size, at }: FileView) {
  const { strings, host } = usePage();
  return (
    <Row lead={icon} text={name} about={[author, size]} at={at}>
      <IconButton icon="go-to-file" label={`${strings.open} ${name}`} onClick={() => host.openFile(id)} />
      <IconButton icon="save-as" label={`${strings.save} ${name}`} onClick={() => host.saveFiles([id])} />
    </Row>
  );
}

/** A contact's files, of which several can be saved at once. */
export function FilesTab({ state }: { state: PageState }) {
  const { sections, notice, selectedFiles } = state;
  return (
    <SectionPanel name="files" section={sections.files} notice={notice}>
      {(files) => (
        <>
          <SelectionBar files={files} selected={selectedFiles} />
          <ul class="rows">
            {files.map((file) => (
              <SelectableFile key={file.id} file={file} isSelected={selectedFiles.has(file.id)} />
            ))}
          </ul>
        </>
      )}
    </SectionPanel>
  );
}

function SelectionBar({ files, selected }: { files: readonly FileView[]; selected: ReadonlySet<string> }) {
  const { strings, host, change } = usePage();
  const isAll = selected.size === files.length;
  return (
    <div class="file-bar">
      <label>
        <input
          type="checkbox"
          checked={isAll}
          indeterminate={selected.size > 0 && !isAll}
          onChange={({ currentTarget }) =>
            change({ selectedFiles: new Set(currentTarget.checked ? files.map(({ id }) => id) : []) })
          }
        />
        {strings.selectAll}
      </label>
      <TextButton
        icon="save-as"
        label={strings.saveSelected}
        isDisabled={selected.size === 0}
        onClick={() => host.saveFiles([...selected])}
      />
    </div>
  );
}

function SelectableFile(row: { file: FileView; isSelected: boolean }) {
  const { strings, host, change } = usePage();
  const { id, name, author, size, at } = row.file;
  const select = (isSelected: boolean): void =>
    change(({ selectedFiles }) => {
      const others = [...selectedFiles].filter((other) => other !== id);
      return { selectedFiles: new Set(isSelected ? [...others, id] : others) };
    });
  const lead = (
    <span class="file-lead">
      <input
        type="checkbox"
        aria-label={`${strings.select} ${name}`}
        checked={row.isSelected}
        onChange={({ currentTarget }) => select(currentTarget.checked)}
      />
      <Thumbnail file={row.file} />
    </span>
  );
  const link = <LinkButton label={name} isRowText onClick={() => host.openFile(id)} />;
  return (
    <Row lead={lead} text={link} about={[author, size]} at={at}>
      <IconButton icon="save-as" label={`${strings.save} ${name}`} onClick={() => host.saveFiles([id])} />
    </Row>
  );
}

/** A small picture of a file, which is asked for when its row is seen. */
export function Thumbnail({ file }: { file: FileView }) {
  const { host } = usePage();
  const picture = useThumbnail(file.id);
  const place = useRef<HTMLSpanElement>(null);
  const isWanted = file.isPicture && picture === undefined;
  useEffect(() => {
    if (!isWanted || place.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      host.loadThumbnail(file.id);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [file.id, isWanted, host]);
  return (
    <span class={file.isPicture ? 'thumbnail picture' : 'thumbnail'} ref={place}>
      {picture === undefined || !file.isPicture ? <Icon name={file.icon} /> : <img src={picture} alt="" />}
    </span>
  );
}
