package main

import (
	"encoding/json"
	"os"

	"github.com/go-jose/go-jose/v4"
)

// privateKey is a key of the file. The first one signs.
type privateKey struct{ jwk jose.JSONWebKey }

func (k privateKey) ID() string { return k.jwk.KeyID }

func (k privateKey) Key() any { return k.jwk.Key }

func (k privateKey) SignatureAlgorithm() jose.SignatureAlgorithm { return k.Algorithm() }

func (k privateKey) Algorithm() jose.SignatureAlgorithm {
	return jose.SignatureAlgorithm(k.jwk.Algorithm)
}

type publicKey struct{ privateKey }

func (k publicKey) Key() any { return k.jwk.Public().Key }

func (publicKey) Use() string { return "sig" }

func readKeys(file string) ([]privateKey, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(content, &set); err != nil {
		return nil, err
	}
	keys := make([]privateKey, 0, len(set.Keys))
	for _, one := range set.Keys {
		keys = append(keys, privateKey{one})
	}
	return keys, nil
}
