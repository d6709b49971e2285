package bounds

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// oneRange takes no notice of a Range header that names several ranges, which RFC
// 9110 leaves to the server (section 14.2): each costs a header in the answer, so that
// thousands of them make it many times the file. Browsers and download programs name
// one.
func oneRange() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoOneRange",
		Priority: bodyPriority,
		Func: func(e *core.RequestEvent) error {
			if strings.Contains(strings.Join(e.Request.Header.Values("Range"), ","), ",") {
				e.Request.Header.Del("Range")
			}
			return e.Next()
		},
	}
}
