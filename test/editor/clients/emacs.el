;;; emacs.el --- Run by emacs.mjs in batch mode, with SERVER and FOLDER set -*- lexical-binding: t -*-
;; Shows diagnostics, hover and a quick fix through eglot, and prints one line per check.

(require 'package)
(package-initialize)
(require 'cc-mode)
(require 'flymake)
(require 'eglot)

(defvar drvlint-failed nil)
(defun drvlint-check (name ok detail)
  (princ (format "%s %s%s\n" (if ok "ok" "FAILED") name (if ok "" (format ": %S" detail))))
  (unless ok (setq drvlint-failed t)))

(defun drvlint-wait (predicate)
  (let ((end (+ (float-time) 30)))
    (while (and (< (float-time) end) (not (funcall predicate)))
      (accept-process-output nil 0.05))))

;; As in docs/editors.md.
(add-to-list 'eglot-server-programs `((c-mode c++-mode) . ("node" ,(getenv "SERVER") "--stdio")))

(setq eglot-sync-connect 30 eglot-autoshutdown nil flymake-no-changes-timeout 0.1)
(find-file (concat (getenv "FOLDER") "/dev.c"))
(c-mode)
(apply #'eglot (eglot--guess-contact))
(drvlint-check "eglot is connected" (eglot-current-server) nil)

(defun drvlint-diagnostics () (flymake-diagnostics))
(flymake-mode 1)
(drvlint-wait (lambda () (flymake-start) (= (length (drvlint-diagnostics)) 3)))
(let ((texts (mapcar #'flymake-diagnostic-text (drvlint-diagnostics))))
  (drvlint-check "three diagnostics" (= (length texts) 3) texts)
  (drvlint-check "one of them the IRQL error" (seq-some (lambda (text) (string-match-p "'KeWaitForSingleObject', which may be called at APC_LEVEL at most" text)) texts) texts))

(goto-char (point-min))
(search-forward "KeReleaseSpinLock")
(let* ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))
       (text (plist-get (plist-get hover :contents) :value)))
  (drvlint-check "hover on a release" (and text (string-match-p "The IRQL is DISPATCH" text) (string-match-p "was acquired at" text)) text))

(goto-char (point-min))
(re-search-forward "^VOID DevDpc")
(let* ((diagnostics (flymake-diagnostics (line-beginning-position) (line-end-position)))
       (range (list :start (eglot--pos-to-lsp-position) :end (eglot--pos-to-lsp-position)))
       (actions (jsonrpc-request (eglot-current-server) :textDocument/codeAction (list :textDocument (eglot--TextDocumentIdentifier) :range range :context (list :diagnostics []))))
       (fix (seq-find (lambda (action) (eq (plist-get action :isPreferred) t)) actions)))
  (drvlint-check "a quick fix is offered" fix (list diagnostics actions))
  (when fix (eglot--apply-workspace-edit (plist-get fix :edit))))
(drvlint-check "and applied to the buffer" (save-excursion (goto-char (point-min)) (re-search-forward "^_Use_decl_annotations_\nVOID DevDpc" nil t)) (buffer-string))
(eglot--signal-textDocument/didChange)
(drvlint-wait (lambda () (flymake-start) (= (length (drvlint-diagnostics)) 2)))
(drvlint-check "after which the finding is gone" (= (length (drvlint-diagnostics)) 2) (mapcar #'flymake-diagnostic-text (drvlint-diagnostics)))

(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(kill-emacs (if drvlint-failed 1 0))
;;; emacs.el ends here
