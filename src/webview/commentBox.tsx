import { useLayoutEffect, useRef } from 'preact/hooks';
import './commentBox.css';
import type { CommentBoxView } from '../protocol/contactViews.ts';
import { TextButton } from './buttons.tsx';
import { ColleagueList, useMention } from './mention.tsx';
import { Icon } from './icon.tsx';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';

const movesCaret = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

/** The box for a new comment, or for another text of one. */
export function CommentBox({ box, colleagues }: { box: CommentBoxView; colleagues: PageState['colleagues'] }) {
  const { strings, host, change } = usePage();
  const input = useRef<HTMLTextAreaElement>(null);
  const before = useRef(box);
  const { draft, editing, isSending, fault, refusal } = box;
  const write = (text: string): void => {
    // At once: the next key may be Tab, which passes by a button that is disabled.
    change({ commentBox: { ...box, draft: text } });
    host.changeComment(text);
  };
  const mention = useMention(input, colleagues, write);
  useLayoutEffect(() => {
    const { current } = input;
    const last = before.current;
    before.current = box;
    const isAnother = last.editing !== editing || (last.isSending && !isSending && fault === '');
    // What is being typed may be ahead of what the host has seen.
    const isOvertaken = document.activeElement === current && !isAnother;
    if (current && !isOvertaken && current.value !== draft) current.value = draft;
    if (current === null) return;
    // Whoever has pressed Save or Cancel by the keyboard is not to begin at the top of the page again.
    const isLost = document.activeElement === document.body && document.hasFocus();
    if (isAnother && (editing !== '' ? last.editing !== editing : isLost)) current.focus();
  });
  if (refusal !== '' && draft === '') return <p class="refusal">{refusal}</p>;
  if (refusal !== '') {
    return (
      <div class="comment-box">
        <p class="refusal">{refusal}</p>
        {/* What was typed can be copied elsewhere. */}
        <textarea rows={2} aria-label={strings.commentPlaceholder} readOnly value={draft} />
      </div>
    );
  }
  const isNew = editing === '';
  const isEmpty = draft.trim() === '';
  const label = isNew ? strings.commentPlaceholder : strings.editComment;
  return (
    <div class="comment-box">
      <textarea
        ref={input}
        rows={isNew ? 2 : Math.min(10, draft.split('\n').length + 1)}
        aria-label={label}
        placeholder={label}
        aria-describedby="comment-note"
        readOnly={isSending}
        {...mention.attributes}
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
          mention.follow();
        }}
        onSelect={mention.follow}
        onKeyUp={({ key }) => {
          if (movesCaret.has(key)) mention.follow();
        }}
        onClick={mention.follow}
        onBlur={mention.close}
        onKeyDown={(event) => {
          if (event.isComposing || mention.take(event)) return;
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          // What is typed may be ahead of the draft, which the host says a moment later.
          if (!isSending && event.currentTarget.value.trim() !== '') host.addComment();
        }}
      />
      <ColleagueList {...mention} />
      <p class="note fault" id="comment-note" role="alert">
        {fault !== '' && <Icon name="error" />}
        {fault}
      </p>
      <div class="comment-actions">
        <TextButton
          label={isNew ? strings.addComment : strings.saveComment}
          isPrimary
          isDisabled={isSending || isEmpty}
          keys={{ words: strings.addCommentKeys, shortcuts: 'Control+Enter Meta+Enter' }}
          onClick={() => host.addComment()}
        />
        {!isNew && (
          <TextButton label={strings.cancel} isDisabled={isSending} onClick={() => host.stopEditingComment()} />
        )}
      </div>
    </div>
  );
}
