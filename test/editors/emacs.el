;; Opens SOURCE_FILE as a user does, waits for the finding, asks for the hover, applies the code action, writes what it saw to RESULT.
;; The configuration was loaded before; `gfp-test-hover' and `gfp-test-fix' are how the client at hand is asked.
(require 'json)

(defun gfp-test-wait (what condition)
  (let ((deadline (+ (float-time) 20)))
    (while (not (funcall condition))
      (when (> (float-time) deadline) (error "waited for %s" what))
      (accept-process-output nil 0.05))))

(let ((seen nil) (coding-system-for-write 'utf-8))
  (condition-case problem
      (progn
        (find-file (getenv "SOURCE_FILE"))
        (run-hooks 'post-command-hook)
        (gfp-test-wait "diagnostics" (lambda () (run-hooks 'post-command-hook) (gfp-test-diagnostics)))
        (let ((first (car (gfp-test-diagnostics))))
          (push (cons 'diagnostics
                      (vconcat (mapcar (lambda (one)
                                         `((line . ,(line-number-at-pos (nth 0 one)))
                                           (text . ,(buffer-substring-no-properties (nth 0 one) (nth 1 one)))
                                           (message . ,(nth 2 one))))
                                       (gfp-test-diagnostics))))
                seen)
          (goto-char (nth 0 first))
          (push (cons 'hover (gfp-test-hover)) seen)
          (let ((tick (buffer-modified-tick)))
            (gfp-test-fix (nth 0 first) (nth 1 first))
            (gfp-test-wait "the edit" (lambda () (/= tick (buffer-modified-tick)))))
          (push (cons 'buffer (buffer-substring-no-properties (point-min) (point-max))) seen)))
    (error (push (cons 'problem (format "%S" problem)) seen)))
  (with-temp-file (getenv "RESULT") (insert (json-encode seen))))
(set-buffer-modified-p nil)
(kill-emacs 0)
