package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const algCosignature = 4

// checkWitness verifies the cosignature (type 0x04) that x/mod does not know and leaves among the unverified.
func checkWitness(opened *note.Note, vkey string) error {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return fmt.Errorf("malformed witness key")
	}
	name := parts[0]
	id, err := strconv.ParseUint(parts[1], 16, 32)
	key, err2 := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || err2 != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != algCosignature {
		return fmt.Errorf("malformed witness key")
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	if binary.BigEndian.Uint32(sum[:]) != uint32(id) {
		return fmt.Errorf("the witness key's hash is wrong")
	}
	for _, signature := range opened.UnverifiedSigs {
		if signature.Name != name || signature.Hash != uint32(id) {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(signature.Base64)
		if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
			return fmt.Errorf("malformed cosignature of %s", name)
		}
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(raw[4:]), opened.Text)
		if !ed25519.Verify(key[1:], []byte(message), raw[12:]) {
			return fmt.Errorf("invalid cosignature of %s", name)
		}
		return nil
	}
	return fmt.Errorf("no cosignature of %s", name)
}
