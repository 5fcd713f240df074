import { useLayoutEffect, useRef } from 'preact/hooks';
import './commentBox.css';
import type { CommentBoxView } from '../protocol/contactViews.ts';
import { TextButton } from './buttons.tsx';
import { Icon } from './icon.tsx';
import { usePage } from './pageContext.ts';

/** The box for a new comment. */
export function CommentBox(box: CommentBoxView) {
  const { strings, host, change } = usePage();
  const input = useRef<HTMLTextAreaElement>(null);
  const wasSending = useRef(false);
  const { draft, isSending, fault, refusal } = box;
  useLayoutEffect(() => {
    const { current } = input;
    const isSent = wasSending.current && !isSending && draft === '';
    wasSending.current = isSending;
    // What is being typed may be ahead of what the host has seen.
    const isOvertaken = document.activeElement === current && !isSent;
    if (current && !isOvertaken && current.value !== draft) current.value = draft;
  });
  if (refusal !== '') return <p class="refusal">{refusal}</p>;
  const isEmpty = draft.trim() === '';
  return (
    <div class="comment-box">
      <textarea
        ref={input}
        rows={2}
        aria-label={strings.commentPlaceholder}
        placeholder={strings.commentPlaceholder}
        aria-describedby="comment-note"
        readOnly={isSending}
        onInput={({ currentTarget }) => {
          // At once: the next key may be Tab, which passes by a button that is disabled.
          change({ commentBox: { ...box, draft: currentTarget.value } });
          host.changeComment(currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          if (!isSending && !isEmpty) host.addComment();
        }}
      />
      <p class="note fault" id="comment-note" role="alert">
        {fault !== '' && <Icon name="error" />}
        {fault}
      </p>
      <TextButton
        label={strings.addComment}
        isPrimary
        isDisabled={isSending || isEmpty}
        keys={{ words: strings.addCommentKeys, shortcuts: 'Control+Enter Meta+Enter' }}
        onClick={() => host.addComment()}
      />
    </div>
  );
}
