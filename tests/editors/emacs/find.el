;;; find.el --- sightline.el: a question, its place, an edit that is not saved  -*- lexical-binding: t; -*-

(defvar states nil)
(add-hook 'sightline-status-functions (lambda (status) (push (plist-get status :state) states)))

(defconst root default-directory)

(session-play
 (lambda ()
   (find-file "shell/shlex.py")
   (sightline-status)
   (session-wait "the index" (lambda () (equal (car states) "complete")))
   (sightline-find "delete shared margin at the left")
   (let ((found (session-first)) unsaved similar)
     (find-file (expand-file-name "bisect.py" root))
     (goto-char (point-min))
     (insert "def defrost_the_lasagna(oven, minutes):\n"
             "    \"\"\"Thaw frozen pasta slowly.\"\"\"\n"
             "    oven.warm(minutes)\n\n")
     (sightline-find "thaw frozen pasta")
     (setq unsaved (session-first))
     (find-file (expand-file-name "bisect.py" root))
     (goto-char (point-min))
     (search-forward "def bisect_left")
     (sightline-find-similar (point) (point))
     (setq similar (with-current-buffer "*xref*" (buffer-string)))
     (list :found found :unsaved unsaved :similar similar))))
