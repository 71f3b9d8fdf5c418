;;; consult.el --- What a person with Consult and Vertico writes  -*- lexical-binding: t; -*-

(add-to-list 'load-path (expand-file-name "../../../editors/emacs" (file-name-directory load-file-name)))
(require 'sightline)
(require 'consult)
(require 'vertico)
(vertico-mode 1)
(setq inhibit-startup-screen t vc-follow-symlinks t vc-handled-backends '(Git) make-backup-files nil)
(add-hook 'sightline-status-functions
          (lambda (status) (message "The index is %s" (plist-get status :state))))
