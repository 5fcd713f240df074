/** The product icons that a page shows, as shapes: a font would hold back the page until it has loaded. */
import account from '@vscode/codicons/src/icons/account.svg';
import arrowDown from '@vscode/codicons/src/icons/arrow-down.svg';
import arrowLeft from '@vscode/codicons/src/icons/arrow-left.svg';
import arrowUp from '@vscode/codicons/src/icons/arrow-up.svg';
import broadcast from '@vscode/codicons/src/icons/broadcast.svg';
import callIncoming from '@vscode/codicons/src/icons/call-incoming.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import comment from '@vscode/codicons/src/icons/comment.svg';
import commentDiscussion from '@vscode/codicons/src/icons/comment-discussion.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import debugDisconnect from '@vscode/codicons/src/icons/debug-disconnect.svg';
import deviceCamera from '@vscode/codicons/src/icons/device-camera.svg';
import edit from '@vscode/codicons/src/icons/edit.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import file from '@vscode/codicons/src/icons/file.svg';
import fileMedia from '@vscode/codicons/src/icons/file-media.svg';
import filePdf from '@vscode/codicons/src/icons/file-pdf.svg';
import fileText from '@vscode/codicons/src/icons/file-text.svg';
import fileZip from '@vscode/codicons/src/icons/file-zip.svg';
import globe from '@vscode/codicons/src/icons/globe.svg';
import goToFile from '@vscode/codicons/src/icons/go-to-file.svg';
import history from '@vscode/codicons/src/icons/history.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import json from '@vscode/codicons/src/icons/json.svg';
import linkExternal from '@vscode/codicons/src/icons/link-external.svg';
import mail from '@vscode/codicons/src/icons/mail.svg';
import markdown from '@vscode/codicons/src/icons/markdown.svg';
import organization from '@vscode/codicons/src/icons/organization.svg';
import output from '@vscode/codicons/src/icons/output.svg';
import personAdd from '@vscode/codicons/src/icons/person-add.svg';
import pulse from '@vscode/codicons/src/icons/pulse.svg';
import saveAs from '@vscode/codicons/src/icons/save-as.svg';
import table from '@vscode/codicons/src/icons/table.svg';
import thumbsup from '@vscode/codicons/src/icons/thumbsup.svg';
import trash from '@vscode/codicons/src/icons/trash.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import zoomIn from '@vscode/codicons/src/icons/zoom-in.svg';

const icons: Readonly<Record<string, IconShape>> = {
  account,
  'arrow-down': arrowDown,
  'arrow-left': arrowLeft,
  'arrow-up': arrowUp,
  broadcast,
  'call-incoming': callIncoming,
  check,
  close,
  comment,
  'comment-discussion': commentDiscussion,
  copy,
  'debug-disconnect': debugDisconnect,
  'device-camera': deviceCamera,
  edit,
  error,
  file,
  'file-media': fileMedia,
  'file-pdf': filePdf,
  'file-text': fileText,
  'file-zip': fileZip,
  globe,
  'go-to-file': goToFile,
  history,
  info,
  json,
  'link-external': linkExternal,
  mail,
  markdown,
  organization,
  output,
  'person-add': personAdd,
  pulse,
  'save-as': saveAs,
  table,
  thumbsup,
  trash,
  warning,
  'zoom-in': zoomIn,
};

/** A product icon by its name; a name that is not known here is a file. */
export function Icon({ name }: { name: string }) {
  const { box, rule, paths } = (Object.hasOwn(icons, name) ? icons[name] : undefined) ?? file;
  return (
    <svg class="icon" viewBox={box} aria-hidden="true" data-icon={name}>
      {paths.map((path) => (
        <path key={path} d={path} fill-rule={rule} />
      ))}
    </svg>
  );
}
