/** Texts that mean harm wherever they are taken for more than text. */

const scripts = (sink: string): string[] => [
  '<script>window.pwned = 1; alert(1)</script>',
  '<img src=x onerror="window.pwned = 1; alert(1)">',
  `<img src="${sink}/img.png">`,
  '<svg onload="window.pwned = 1"></svg>',
  `<svg><image href="${sink}/svg.png"/></svg>`,
  '<body onload="window.pwned = 1">',
  '<details open ontoggle="window.pwned = 1">x</details>',
  '<input autofocus onfocus="window.pwned = 1">',
  `<iframe src="javascript:parent.pwned = 1"></iframe>`,
  `<iframe src="${sink}/frame.html"></iframe>`,
  `<link rel="stylesheet" href="${sink}/style.css">`,
  `<style>@import "${sink}/import.css";</style>`,
  `<div style="background: url(${sink}/background.png)">x</div>`,
  `<video poster="${sink}/poster.png"></video>`,
  `<object data="${sink}/object"></object>`,
  `<meta http-equiv="refresh" content="0; url=${sink}/refresh">`,
  `<form action="${sink}/form"><button autofocus>x</button></form>`,
  '</script><script>window.pwned = 1</script>',
  '"><script>window.pwned = 1</script>',
  "' onmouseover='window.pwned = 1",
  'javascript:window.pwned=1',
  'data:text/html,<script>window.pwned=1</script>',
  '${window.pwned = 1}',
  '{{constructor.constructor("window.pwned=1")()}}',
  '<a href="javascript:window.pwned=1">click</a>',
  '[click](command:workbench.action.terminal.new)',
  '[click](javascript:window.pwned=1)',
  `![picture](${sink}/markdown.png)`,
  '<a href="command:workbench.action.terminal.new">click</a>',
  'command:workbench.action.terminal.new',
  '$(trash) $(verified) Admin',
  '../../../../etc/passwd',
  '..\\..\\..\\windows\\system32\\config',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'file:///etc/passwd',
  'vscode://file/etc/passwd',
  `//${new URL(sink).host}/protocol-relative`,
  'photo\u202Egnp.exe',
  'zero\u200Bwidth\u2060joined\uFEFF',
  '\u2066isolate\u2069 \u202Aembedding\u202C',
];

const wrappers: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `Ana ${text}`,
  (text) => `${text} Lopez`,
  (text) => `<b>${text}</b>`,
  (text) => `"${text}"`,
  (text) => `\`${text}\``,
  (text) => `&lt;${text}&gt;`,
  (text) => `${text}${text}`,
];

/** @param sink an address that nobody must ask. */
export const hostileTexts = (sink: string): string[] =>
  wrappers.flatMap((wrap) => scripts(sink).map((text) => wrap(text)));
