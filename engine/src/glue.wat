;; Between the QuickJS module and the component's world: what QuickJS asks of its embedder ("env"), and the `invoke` export.
;;
;; Everything that can be said in JavaScript is: the four functions of the library that are called from here are values in the
;; snapshot, and their addresses take the place of BEGIN, END, RESOLVE, LOAD and REJECTED when this text is assembled.
(module
  (import "env" "memory" (memory 0))
  (import "__main_module__" "wasm_malloc" (func $malloc (param i32) (result i32)))
  (import "__main_module__" "qjs_new_string" (func $new_string (param i32 i32) (result i32)))
  (import "__main_module__" "qjs_get_string_len" (func $get_string (param $value i32) (param $length_to i32) (result i32)))
  (import "__main_module__" "qjs_get_undefined" (func $undefined (result i32)))
  (import "__main_module__" "qjs_get_true" (func $true (result i32)))
  (import "__main_module__" "qjs_get_false" (func $false (result i32)))
  (import "__main_module__" "qjs_call" (func $call (param $function i32) (param $this i32) (param $count i32) (param $arguments i32) (result i32)))
  (import "__main_module__" "qjs_is_exception" (func $is_exception (param i32) (result i32)))
  (import "__main_module__" "qjs_get_exception" (func $get_exception (result i32)))
  (import "__main_module__" "qjs_throw" (func $throw (param i32) (result i32)))
  (import "__main_module__" "qjs_is_job_pending" (func $is_job_pending (result i32)))
  (import "__main_module__" "qjs_execute_pending_job" (func $execute_pending_job (result i32)))
  (import "__main_module__" "wasm_free" (func $free (param i32)))
  (import "__main_module__" "qjs_free_cstring" (func $free_string (param i32)))
  (import "__main_module__" "qjs_free_value" (func $free_value (param i32)))
  (import "__main_module__" "qjs_set_max_stack_size" (func $set_max_stack_size (param i32)))
  (import "packwright:engine/source@0.1.0" "get" (func $source (param i32)))
  (import "packwright:engine/host@0.1.0" "call" (func $host_call (param i32 i32 i32 i32 i32)))
  (import "packwright:engine/host@0.1.0" "interrupted" (func $interrupted (result i32)))

  (func (export "cabi_import_realloc") (param i32 i32 i32 i32) (result i32) (call $malloc (local.get 3)))
  (func (export "cabi_export_realloc") (param i32 i32 i32 i32) (result i32) (call $malloc (local.get 3)))

  ;; Calls a function of the library with the values at $arguments.
  (func $library (param $function i32) (param $count i32) (param $arguments i32) (result i32)
    (call $call (local.get $function) (call $undefined) (local.get $count) (local.get $arguments)))

  ;; The bytes of a C string.
  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (block $done (loop $next
      (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br $next)))
    (i32.sub (local.get $end) (local.get $text)))

  ;; A string of the library as bytes, its length at $length_to; 0 when the function threw: the exception goes on to who asked.
  (func $answer (param $value i32) (param $length_to i32) (result i32)
    (if (call $is_exception (local.get $value)) (then
      (drop (call $throw (call $get_exception)))
      (return (i32.const 0))))
    (call $get_string (local.get $value) (local.get $length_to)))

  ;; UTC, for every time: a handler must not depend on where it runs.
  (func (export "host_get_timezone_offset") (param i32 i32) (result i32) (i32.const 0))

  (func (export "host_interrupt") (result i32) (call $interrupted))

  ;; A promise was rejected and nobody had asked for it yet, or somebody does so late ($handled).
  (func (export "host_promise_rejection") (param $promise i32) (param $reason i32) (param $handled i32)
    (local $at i32)
    (local.set $at (call $malloc (i32.const 12)))
    (i32.store (local.get $at) (local.get $promise))
    (i32.store offset=4 (local.get $at) (local.get $reason))
    (i32.store offset=8 (local.get $at) (if (result i32) (local.get $handled) (then (call $true)) (else (call $false))))
    (drop (call $library (i32.const REJECTED) (i32.const 3) (local.get $at)))
    (call $free_value (local.get $promise))
    (call $free_value (local.get $reason)))

  (func (export "host_module_normalize") (param $base i32) (param $name i32) (result i32)
    (local $at i32)
    (local.set $at (call $malloc (i32.const 12)))
    (i32.store (local.get $at) (call $new_string (local.get $base) (call $length (local.get $base))))
    (i32.store offset=4 (local.get $at) (call $new_string (local.get $name) (call $length (local.get $name))))
    (call $answer (call $library (i32.const RESOLVE) (i32.const 2) (local.get $at)) (i32.add (local.get $at) (i32.const 8))))

  (func (export "host_module_load") (param $name i32) (param $length_to i32) (result i32)
    (local $at i32)
    (local.set $at (call $malloc (i32.const 4)))
    (i32.store (local.get $at) (call $new_string (local.get $name) (call $length (local.get $name))))
    (call $answer (call $library (i32.const LOAD) (i32.const 1) (local.get $at)) (local.get $length_to)))

  ;; The one host function that the library has: name and JSON in, JSON out.
  (func (export "host_call") (param $name i32) (param $name_length i32) (param $this i32) (param $count i32) (param $arguments i32) (result i32)
    (local $at i32) (local $what i32) (local $request i32) (local $answer i32)
    (local.set $at (call $malloc (i32.const 16)))
    (local.set $what (call $get_string (i32.load (local.get $arguments)) (local.get $at)))
    (local.set $request (call $get_string (i32.load offset=4 (local.get $arguments)) (i32.add (local.get $at) (i32.const 4))))
    (call $host_call
      (local.get $what) (i32.load (local.get $at))
      (local.get $request) (i32.load offset=4 (local.get $at))
      (i32.add (local.get $at) (i32.const 8)))
    (local.set $answer (call $new_string (i32.load offset=8 (local.get $at)) (i32.load offset=12 (local.get $at))))
    ;; A handler may ask thousands of times: nothing of a request stays behind.
    (call $free (i32.load offset=8 (local.get $at)))
    (call $free_string (local.get $what))
    (call $free_string (local.get $request))
    (call $free (local.get $at))
    (local.get $answer))

  ;; 0: three arguments; 12: the source; 20: the answer's length; 24: result<string, string>.
  (func (export "invoke") (param $tool i32) (param $tool_length i32) (param $input i32) (param $input_length i32) (result i32)
    (local $at i32) (local $text i32) (local $stopped i32)
    (local.set $at (call $malloc (i32.const 40)))
    ;; Far below what the module has, so that endless recursion is a RangeError with a line, not the end of the instance.
    (call $set_max_stack_size (i32.const STACK))
    (call $source (i32.add (local.get $at) (i32.const 12)))
    (i32.store (local.get $at) (call $new_string (i32.load offset=12 (local.get $at)) (i32.load offset=16 (local.get $at))))
    (i32.store offset=4 (local.get $at) (call $new_string (local.get $tool) (local.get $tool_length)))
    (i32.store offset=8 (local.get $at) (call $new_string (local.get $input) (local.get $input_length)))
    (local.set $stopped (call $is_exception (call $library (i32.const BEGIN) (i32.const 3) (local.get $at))))
    (block $done (loop $next
      (br_if $done (local.get $stopped))
      (br_if $done (i32.eqz (call $is_job_pending)))
      ;; A chain of short jobs may never come to a point where the engine asks.
      (br_if $done (call $interrupted))
      ;; An error that no handler can catch ends the queue: interruption, or memory that is gone.
      (local.set $stopped (i32.lt_s (call $execute_pending_job) (i32.const 0)))
      (br $next)))
    (i32.store (local.get $at) (if (result i32) (local.get $stopped) (then (call $get_exception)) (else (call $undefined))))
    (local.set $text (call $get_string (call $library (i32.const END) (i32.const 1) (local.get $at)) (i32.add (local.get $at) (i32.const 20))))
    ;; The first letter says which: `=` an output, `!` an error.
    (i32.store8 offset=24 (local.get $at) (i32.eq (i32.load8_u (local.get $text)) (i32.const 0x21)))
    (i32.store offset=28 (local.get $at) (i32.add (local.get $text) (i32.const 1)))
    (i32.store offset=32 (local.get $at) (i32.sub (i32.load offset=20 (local.get $at)) (i32.const 1)))
    (i32.add (local.get $at) (i32.const 24))))
