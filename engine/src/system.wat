;; What the QuickJS module asks of an operating system. Time and chance are the host's; there are no files.
(module
  (import "env" "memory" (memory 0))
  (import "packwright:engine/host@0.1.0" "now" (func $now (result i64)))
  (import "packwright:engine/host@0.1.0" "random" (func $random (result i64)))
  (func (export "clock_time_get") (param $clock i32) (param $precision i64) (param $to i32) (result i32)
    (i64.store (local.get $to) (call $now))
    (i32.const 0))
  (func (export "random_get") (param $to i32) (param $length i32) (result i32)
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $length)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (i64.store8 (i32.add (local.get $to) (local.get $length)) (call $random))
      (br $next)))
    (i32.const 0))
  ;; 8: there is no such file.
  (func (export "fd_write") (param i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_close") (param i32) (result i32) (i32.const 8))
  (func (export "fd_fdstat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_seek") (param i32 i64 i32 i32) (result i32) (i32.const 8)))
