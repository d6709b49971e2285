package tests

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"verso/tests/process"
)

// TestRefusedWhileSending refuses before the document has arrived: a client
// that does not wait for leave to send (no browser does) must see the answer
// all the same, not a broken connection.
func TestRefusedWhileSending(t *testing.T) {
	const size, times = 20 * mebibyte, 10
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m", "VERSO_MAX_ACTIVE_JOBS", "1")})
	full := server.SignIn(t, ada)
	full.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})

	for _, test := range []struct {
		name   string
		client *process.Client
		upload func() process.Upload
		status int
	}{
		{"too large", server.SignIn(t, bo), func() process.Upload { return bigUpload(biggest + size) }, http.StatusRequestEntityTooLarge},
		{"unknown format", server.SignIn(t, bo), func() process.Upload {
			upload := bigUpload(size)
			upload.Filename = "data.json"
			return upload
		}, http.StatusUnsupportedMediaType},
		{"too many jobs", full, func() process.Upload { return bigUpload(size) }, http.StatusTooManyRequests},
		{"guest", server.Guest(t), func() process.Upload { return bigUpload(size) }, http.StatusUnauthorized},
	} {
		t.Run(test.name, func(t *testing.T) {
			for range times {
				mustSeeAnswer(t, test.client, test.upload(), test.status)
			}
		})
	}
}

// mustSeeAnswer sends an upload as a browser does, which reads the answer only
// when it has sent everything, and wants to see the answer.
func mustSeeAnswer(t *testing.T, client *process.Client, upload process.Upload, status int) {
	t.Helper()
	request, err := client.UploadRequest(t.Context(), upload)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("tcp", request.URL.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	sendErr := request.Write(connection)
	response, err := http.ReadResponse(bufio.NewReader(connection), request)
	if err != nil {
		t.Fatal(fmt.Errorf("no answer to be seen: %w (while sending: %v)", err, sendErr))
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		t.Fatalf("got %d (%v), want %d: %s", response.StatusCode, err, status, body)
	}
}
