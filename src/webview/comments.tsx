import type { CommentView } from '../protocol/contactViews.ts';
import { IconButton, TextButton } from './buttons.tsx';
import { CommentBox } from './commentBox.tsx';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';
import { RichText } from './richText.tsx';
import { Row, SectionPanel } from './rows.tsx';

export function CommentRow({ id, text, author, at, labels, canEdit }: CommentView) {
  const { strings, host } = usePage();
  return (
    <Row lead="comment" text={<RichText blocks={text} />} about={[author]} at={at} labels={labels}>
      {canEdit && <IconButton icon="edit" label={strings.editComment} onClick={() => host.editComment(id)} />}
      <span class={canEdit ? '' : 'on-hover'}>
        <IconButton icon="trash" label={strings.deleteComment} onClick={() => host.deleteComment(id)} />
      </span>
    </Row>
  );
}

/** The Load More button below the comments. */
export function MoreComments() {
  const { strings, host } = usePage();
  return <TextButton label={strings.loadMore} onClick={() => host.loadMoreComments()} />;
}

export function CommentsTab({ state: { sections, notice, commentBox, colleagues } }: { state: PageState }) {
  const isStuck = notice !== undefined && sections.comments.status === 'loading';
  return (
    <div>
      {commentBox && !isStuck && <CommentBox box={commentBox} colleagues={colleagues} />}
      <SectionPanel name="comments" section={sections.comments} notice={notice}>
        {(items, hasMore) => (
          <>
            <ul class="rows">
              {items.map((item) => (
                <CommentRow key={item.id} {...item} />
              ))}
            </ul>
            {hasMore && <MoreComments />}
          </>
        )}
      </SectionPanel>
    </div>
  );
}
