;;; failing.el --- Servers that are missing, end at their start, hang and end in use  -*- lexical-binding: t; -*-

(defconst fake (expand-file-name "../nvim/fake.lua" (file-name-directory load-file-name)))

(defun sentence (command)
  "What a question says that a server started by COMMAND is asked."
  (setq sightline-command command)
  (condition-case problem (progn (sightline-find "anything") "no error")
    (user-error (error-message-string problem))))

(session-play
 (lambda ()
   (find-file "shell/shlex.py")
   (let ((sightline-timeout 2) missing at-start in-use hangs)
     (setq missing (sentence '("no-such-server"))
           at-start (sentence '("sh" "-c" "echo no module named x >&2; exit 3"))
           in-use (sentence `("nvim" "-l" ,fake "dies"))
           hangs (sentence `("nvim" "-l" ,fake "hangs")))
     (insert "typed after all that")
     (setq sightline-command '("sightline" "lsp") sightline-timeout 60)
     (sightline-status)
     (session-wait "the index" (lambda () (equal (car session-states) "complete")))
     (sightline-find "remove common leading whitespace")
     (list :missing missing :at-start at-start :in-use in-use :hangs hangs :found (session-first)))))
