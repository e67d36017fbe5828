package main

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// apiStorage is the storage of the example. It adds the audience and the scopes of an API to access
// tokens, as the storage of an application does.
type apiStorage struct {
	*storage.Storage
	settings settings
}

func newStorage(read settings) *apiStorage {
	clients := map[string]*storage.Client{}
	for name, one := range read.Clients {
		clients[name] = storage.WebClient(name, one.Secret, one.Redirect)
	}
	user := &storage.User{ID: read.User, Username: read.User, Password: read.Password}
	return &apiStorage{storage.NewStorageWithClients(users{user}, clients), read}
}

func (s *apiStorage) audience(clientID string) []string {
	return []string{clientID, s.settings.Clients[clientID].Audience}
}

// Clients

type apiClient struct {
	op.Client
	path string
}

func (apiClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

func (apiClient) IsScopeAllowed(scope string) bool {
	return scope == "items:read" || scope == "items:write"
}

func (apiClient) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{
		oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeDeviceCode, oidc.GrantTypeClientCredentials,
	}
}

func (c apiClient) LoginURL(id string) string { return c.path + c.Client.LoginURL(id) }

func (s *apiStorage) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	known, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	return apiClient{known, s.settings.Path}, nil
}

func (s *apiStorage) ClientCredentials(ctx context.Context, id, secret string) (op.Client, error) {
	if err := s.AuthorizeClientIDSecret(ctx, id, secret); err != nil {
		return nil, err
	}
	return s.GetClientByClientID(ctx, id)
}

func (s *apiStorage) ClientCredentialsTokenRequest(_ context.Context, id string, scopes []string) (op.TokenRequest, error) {
	return &oidc.JWTTokenRequest{Subject: id, Audience: s.audience(id), Scopes: scopes}, nil
}

// Requests. The ID token takes its audience from the request too.

type apiRequest struct {
	op.AuthRequest
	audience []string
}

func (r apiRequest) GetAudience() []string { return r.audience }

type apiRefresh struct {
	op.RefreshTokenRequest
	audience []string
}

func (r apiRefresh) GetAudience() []string { return r.audience }

func (s *apiStorage) request(request op.AuthRequest, err error) (op.AuthRequest, error) {
	if err != nil {
		return nil, err
	}
	return apiRequest{request, s.audience(request.GetClientID())}, nil
}

func (s *apiStorage) CreateAuthRequest(ctx context.Context, request *oidc.AuthRequest, user string) (op.AuthRequest, error) {
	return s.request(s.Storage.CreateAuthRequest(ctx, request, user))
}

func (s *apiStorage) AuthRequestByID(ctx context.Context, id string) (op.AuthRequest, error) {
	return s.request(s.Storage.AuthRequestByID(ctx, id))
}

func (s *apiStorage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	return s.request(s.Storage.AuthRequestByCode(ctx, code))
}

func (s *apiStorage) TokenRequestByRefreshToken(ctx context.Context, token string) (op.RefreshTokenRequest, error) {
	request, err := s.Storage.TokenRequestByRefreshToken(ctx, token)
	if err != nil {
		return nil, err
	}
	return apiRefresh{request, s.audience(request.GetClientID())}, nil
}

func (s *apiStorage) GetDeviceAuthorizatonState(ctx context.Context, id, code string) (*op.DeviceAuthorizationState, error) {
	state, err := s.Storage.GetDeviceAuthorizatonState(ctx, id, code)
	if err != nil {
		return nil, err
	}
	copied := *state
	copied.Audience = s.audience(id)
	return &copied, nil
}

// Tokens

// exampleRequest returns the request in the type that the storage of the example knows.
func exampleRequest(request op.TokenRequest) op.TokenRequest {
	switch request := request.(type) {
	case apiRequest:
		return request.AuthRequest
	case apiRefresh:
		return request.RefreshTokenRequest
	default:
		return request
	}
}

func (s *apiStorage) expiration(request op.TokenRequest, usual time.Time) time.Time {
	for _, audience := range request.GetAudience() {
		if one, isClient := s.settings.Clients[audience]; isClient {
			return time.Now().Add(time.Duration(one.Seconds) * time.Second)
		}
	}
	return usual
}

func (s *apiStorage) CreateAccessToken(ctx context.Context, request op.TokenRequest) (string, time.Time, error) {
	id, expiration, err := s.Storage.CreateAccessToken(ctx, exampleRequest(request))
	return id, s.expiration(request, expiration), err
}

func (s *apiStorage) CreateAccessAndRefreshTokens(ctx context.Context, request op.TokenRequest, current string) (string, string, time.Time, error) {
	id, refresh, expiration, err := s.Storage.CreateAccessAndRefreshTokens(ctx, exampleRequest(request), current)
	return id, refresh, s.expiration(request, expiration), err
}

func (s *apiStorage) GetPrivateClaimsFromRequest(_ context.Context, request op.TokenRequest, _ []string) (map[string]any, error) {
	return map[string]any{"scope": oidc.SpaceDelimitedArray(request.GetScopes())}, nil
}

// Keys. The file is read for each token and for each request for the key set.

func (s *apiStorage) SigningKey(context.Context) (op.SigningKey, error) {
	keys, err := readKeys(s.settings.Keys)
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, errors.New("the key file is empty")
	}
	return keys[0], nil
}

func (s *apiStorage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	keys, err := readKeys(s.settings.Keys)
	algorithms := make([]jose.SignatureAlgorithm, 0, len(keys))
	for _, one := range keys {
		algorithms = append(algorithms, one.Algorithm())
	}
	return algorithms, err
}

func (s *apiStorage) KeySet(context.Context) ([]op.Key, error) {
	keys, err := readKeys(s.settings.Keys)
	public := make([]op.Key, 0, len(keys))
	for _, one := range keys {
		public = append(public, publicKey{one})
	}
	return public, err
}
