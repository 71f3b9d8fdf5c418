;;; eglot.el --- Sightline as the one server that Eglot manages  -*- lexical-binding: t; -*-

(require 'eglot)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(python-mode . ("sightline" "lsp"))))

(session-play
 (lambda ()
   (find-file "shell/shlex.py")
   (let ((ended nil))
     (cl-defmethod eglot-handle-notification :before (_server (_method (eql $/progress)) &key value &allow-other-keys)
       (when (equal (plist-get value :kind) "end") (setq ended t)))
     (call-interactively #'eglot)
     (session-wait "the server" #'eglot-current-server)
     (session-wait "the end of the progress" (lambda () ended))
     (xref-find-apropos "delete shared margin at the left")
     (let ((found (session-first)))
       (list :found found)))))
