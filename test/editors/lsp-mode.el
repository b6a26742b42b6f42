;; How lsp-mode is asked, for emacs.el.
(require 'lsp-mode)
(require 'flymake)
(setq lsp-auto-guess-root t
      lsp-enable-file-watchers nil
      lsp-session-file (expand-file-name "lsp-session" (getenv "HOME"))
      lsp-warn-no-matched-clients nil)

(defun gfp-test-diagnostics ()
  (mapcar (lambda (one)
            (let ((range (lsp-get one :range)))
              (list (lsp--position-to-point (lsp-get range :start)) (lsp--position-to-point (lsp-get range :end)) (lsp-get one :message))))
          (lsp--get-buffer-diagnostics)))

(defun gfp-test-hover ()
  (let ((contents (lsp-get (lsp-request "textDocument/hover" (lsp--text-document-position-params)) :contents)))
    (lsp--render-element contents)))

(defun gfp-test-fix (from to)
  (set-mark to)
  (goto-char from)
  (let ((transient-mark-mode t))
    (lsp-execute-code-action (car (append (lsp-code-actions-at-point) nil)))))
