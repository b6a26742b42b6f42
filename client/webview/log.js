// The page of an explained failure or of a check. It only says which button was pressed; the extension does the rest.
const host = acquireVsCodeApi();
const said = document.querySelector('[role="status"]');

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  if (button === null) return;
  const { line, function: name, module, sourceLine, uri, rule } = button.dataset;
  if ('copy' in button.dataset) host.postMessage({ kind: 'copy' });
  else if (uri !== undefined) host.postMessage({ kind: 'place', uri, line: Number(line) });
  else if (rule !== undefined) host.postMessage({ kind: 'rule', id: rule });
  else if (line !== undefined) host.postMessage({ kind: 'line', line: Number(line) });
  else if (name !== undefined) host.postMessage({ kind: 'function', name, module: module ?? '', line: Number(sourceLine ?? 0) });
});

// A new text is read out by screen readers because its place has the role of a status.
window.addEventListener('message', ({ data }) => {
  if (said !== null && typeof data?.said === 'string') said.textContent = data.said;
});
