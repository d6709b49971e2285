package translation

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"verso/hooks/datadir"
)

// SealingKey returns the sealing key of a data directory. It is kept in a file
// beside the directory and not in it, so that a backup of the data does not
// hold what opens its secrets, and made where there is none.
func SealingKey(dataDir string) ([]byte, error) {
	return sealingKeyFile(datadir.Beside(dataDir, ".key"))
}

func sealingKeyFile(path string) ([]byte, error) {
	stored, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSealingKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read sealing key: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(stored)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("%s does not hold 32 bytes in base64", path)
	}
	return key, nil
}

// makeSealingKey writes the whole key before the file has its name, so that no
// crash leaves half of one.
func makeSealingKey(path string) ([]byte, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails since Go 1.24
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make folder of the sealing key: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make sealing key: %w", err)
	}
	defer os.Remove(file.Name())
	_, writeErr := file.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(writeErr, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("write sealing key: %w", err)
	}
	// Link fails where another process was quicker; its key is the one.
	switch err := os.Link(file.Name(), path); {
	case errors.Is(err, fs.ErrExist):
		return sealingKeyFile(path)
	case err != nil:
		return nil, fmt.Errorf("name sealing key: %w", err)
	}
	return key, nil
}
