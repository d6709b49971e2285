package translation

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// SealingKeyFile returns the key in a file, which is made with a new key where
// there is none. The file is to stand beside the data directory and not in it,
// so that a backup of the data does not hold what opens its secrets.
func SealingKeyFile(path string) ([]byte, error) {
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

func makeSealingKey(path string) ([]byte, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails since Go 1.24
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make sealing key: %w", err)
	}
	_, writeErr := file.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(writeErr, file.Sync(), file.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("write sealing key: %w", err), os.Remove(path))
	}
	return key, nil
}
