;;; session.el --- How a scenario waits, and how it ends  -*- lexical-binding: t; -*-

(require 'json)
(require 'project)
(defvar sightline-interface)
(require 'xref)

;; Each scenario begins without completions that it does not ask for.
(setq sightline-interface 'xref)

(defconst session-seconds 200)

(defvar session-states nil
  "The states that the server told of, the latest first.")
(add-hook 'sightline-status-functions (lambda (status) (push (plist-get status :state) session-states)))

(defun session-wait (what condition)
  "Let Emacs work until CONDITION holds, and answer what it answered."
  (let ((deadline (+ (float-time) session-seconds)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) deadline)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.1))
    found))

(defun session-here ()
  "Path below the project, and line."
  (vector (file-relative-name buffer-file-name (project-root (project-current)))
          (line-number-at-pos)))

(defun session-first ()
  "Go to the first of the results that are listed, as a person does who presses RET there."
  (with-current-buffer "*xref*"
    (goto-char (point-min))
    (xref-next-line)
    (xref-goto-xref))
  (with-current-buffer (window-buffer (selected-window))
    (session-here)))

(defun session-play (scenario)
  "Run SCENARIO and write what it answers as JSON."
  (princ (decode-coding-string (json-serialize (funcall scenario)) 'utf-8)))
