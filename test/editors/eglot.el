;; How eglot is asked, for emacs.el.
(require 'eglot)

(defun gfp-test-diagnostics ()
  (mapcar (lambda (one) (list (flymake-diagnostic-beg one) (flymake-diagnostic-end one) (flymake-diagnostic-text one)))
          (flymake-diagnostics)))

(defun gfp-test-hover ()
  (let (text)
    (eglot-hover-eldoc-function (lambda (string &rest _) (setq text (or string ""))))
    (gfp-test-wait "the hover" (lambda () text))
    (substring-no-properties text)))

(defun gfp-test-fix (from to)
  (let ((last-nonmenu-event ?a))
    (cl-letf (((symbol-function 'completing-read) (lambda (_ choices &rest _) (caar choices))))
      (eglot-code-actions from to nil t))))
