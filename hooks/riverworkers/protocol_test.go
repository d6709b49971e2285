package riverworkers

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
)

// golden is the shape of what travels between a service and its workers, as it was when
// protocol was raised last.
const golden = "testdata/protocol.golden"

// TestProtocol holds what travels to the number that service and workers compare. Where a
// field has come, gone, or changed, a worker of another version would leave it out
// without a word.
func TestProtocol(t *testing.T) {
	shape := fmt.Sprintf("protocol %d\n", protocol)
	shape += fmt.Sprintf("kinds %s, %s\nqueues %s, %s\n", step{}.Kind(), outcome{}.Kind(), stepQueue, outcomeQueue("EPOCH"))
	shape += fmt.Sprintln("failures", []string{failedKey, failedEngine, failedCutOff, failedUnreadable, failedPanic, failedOtherwise})
	for kind := engine.RateLimited; kind <= engine.ModelRefused; kind++ {
		shape += fmt.Sprintf("engine.ErrorKind %d: %s\n", kind, kind)
	}
	seen := map[reflect.Type]bool{}
	for _, travels := range []any{step{}, question{}, outcome{}, result{}} {
		describe(&shape, reflect.TypeOf(travels), seen)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(shape), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(before), "\n"), strings.Split(shape, "\n")
	for _, line := range is {
		if !slices.Contains(was, line) {
			t.Errorf("new: %s", line)
		}
	}
	for _, line := range was {
		if !slices.Contains(is, line) {
			t.Errorf("gone: %s", line)
		}
	}
	switch {
	case shape == string(before):
	case was[0] == is[0]:
		t.Error("what travels has changed: raise protocol in wire.go, and run this test with UPDATE_GOLDEN=1")
	default:
		t.Error("run this test with UPDATE_GOLDEN=1")
	}
}

// describe adds a line for each field of a type, and of the types in it, as JSON has them.
func describe(shape *string, of reflect.Type, seen map[reflect.Type]bool) {
	if of.PkgPath() != "" && (of.Kind() == reflect.Slice || of.Kind() == reflect.Map) && !seen[of] {
		seen[of] = true
		*shape += fmt.Sprintf("%s is %s of %s\n", of, of.Kind(), of.Elem())
	}
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		describe(shape, of.Elem(), seen)
		return
	case reflect.Map:
		describe(shape, of.Key(), seen)
		describe(shape, of.Elem(), seen)
		return
	}
	if seen[of] || of.PkgPath() == "" {
		return
	}
	seen[of] = true
	if encodesItself(of) {
		*shape += fmt.Sprintf("%s writes itself\n", of)
		return
	}
	if of.Kind() != reflect.Struct {
		*shape += fmt.Sprintf("%s is %s\n", of, of.Kind())
		return
	}
	for i := range of.NumField() {
		field := of.Field(i)
		*shape += fmt.Sprintf("%s.%s %s `json:%q`\n", of, field.Name, field.Type, field.Tag.Get("json"))
	}
	for i := range of.NumField() {
		describe(shape, of.Field(i).Type, seen)
	}
}

// encodesItself reports whether a type says itself how it stands in JSON.
func encodesItself(of reflect.Type) bool {
	for _, method := range []string{"MarshalJSON", "MarshalText"} {
		if _, ok := reflect.PointerTo(of).MethodByName(method); ok {
			return true
		}
	}
	return false
}
