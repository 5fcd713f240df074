import './details.css';
import { IconButton, LinkButton } from './buttons.tsx';
import { ContactForm } from './contactForm.tsx';
import type { FieldView } from '../protocol/contactViews.ts';
import { Icon } from './icon.tsx';
import { usePage } from './pageContext.ts';
import type { PageState } from './pageState.ts';

/** What is known of the contact, a row each, or the form that changes it. */
export function DetailsTab({ state: { contact, form, formFocus, choices } }: { state: PageState }) {
  if (form !== undefined) return <ContactForm {...{ form, choices }} focus={formFocus} />;
  return contact === undefined ? null : (
    <dl class="details">
      {contact.fields.map((field) => (
        <Detail key={field.name} {...field} />
      ))}
    </dl>
  );
}

function Detail({ name, label, value, isLink, note }: FieldView) {
  const { strings, host } = usePage();
  return (
    <div class="detail">
      <dt>{label}</dt>
      <dd>
        {isLink ? <LinkButton label={value} onClick={() => host.openLink(name)} /> : <span class="value">{value}</span>}
        {value !== '' && <IconButton icon="copy" label={`${strings.copy}: ${label}`} onClick={() => host.copy(name)} />}
        {note !== '' && (
          <p class="ignored">
            <Icon name="warning" />
            {note}
          </p>
        )}
      </dd>
    </div>
  );
}
