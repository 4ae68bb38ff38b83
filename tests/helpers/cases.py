"""Random cases for kernels and their twins, to be run by any engine at any width."""

import math

import numpy as np
from numerics import panels, ragged, rows_of


class Recurrent:
    """Random inputs for one direction of a recurrent layer over a batch, to be run by any engine at any width."""

    gates = 1

    def __init__(self, lengths, N, reverse=False, initial=False, column=0, scale=1.0):
        rng = np.random.default_rng([sum(lengths), N, reverse])
        self.batch, self.N, self.reverse, self.column = ragged(lengths), N, reverse, column
        R, B = self.batch.rows, self.batch.sentences if initial else 0
        self.Z = (rng.normal(size=(R, self.gates * N)) * scale).astype(np.float32)
        self.U = (rng.normal(size=(N, self.gates * N)) / math.sqrt(N)).astype(np.float32)
        self.H0, self.C0 = (rng.normal(size=(B, N)).astype(np.float32) for _ in range(2))
        self.dH = rng.normal(size=(R, 2 * N)).astype(np.float32)

    def alone(self, sentence):
        """The same inputs with one sentence for a batch."""
        other, rows = object.__new__(type(self)), rows_of(self.batch, sentence)
        other.batch, other.U = ragged([len(rows)]), self.U
        other.N, other.reverse, other.column = self.N, self.reverse, self.column
        other.Z, other.dH = self.Z[rows], self.dH[rows]
        other.H0, other.C0 = self.H0[sentence:][:1], self.C0[sentence:][:1]
        return other

    def run(self, engine, dtype=np.float32):
        """All that a forward and a backward pass leave behind."""
        batch, N, Z = self.batch, self.N, self.Z.astype(dtype)
        H = np.zeros((batch.rows, 2 * N), dtype)
        H0, U, dH = self.H0.astype(dtype), self.U.astype(dtype), self.dH.astype(dtype)
        where = batch.sizes, batch.offsets, self.reverse
        engine.rnn_forward(Z, panels(U, 16), H0, *where, H, self.column)
        dZ = np.full_like(Z, np.nan)
        engine.rnn_backward(dH, self.column, panels(U.T, 16), H, *where, dZ)
        return {"sums": Z, "states": H, "dZ": dZ, "dH": dH}


class Gated(Recurrent):
    """The same for the long short-term memory."""

    gates = 4

    def run(self, engine, dtype=np.float32):
        batch, N, Z = self.batch, self.N, self.Z.astype(dtype)
        H, C = np.zeros((batch.rows, 2 * N), dtype), np.full((batch.rows, N), np.nan, dtype)
        H0, C0, U, dH = (X.astype(dtype) for X in (self.H0, self.C0, self.U, self.dH))
        dC = np.full((batch.sentences, N), np.nan, dtype)
        where = batch.sizes, batch.offsets, self.reverse
        engine.lstm_forward(Z, panels(U, 32), H0, C0, *where, H, self.column, C)
        gates = Z.copy()
        engine.lstm_backward(dH, self.column, panels(U.T, 16), Z, C, C0, *where, dC)
        return {"gates": gates, "states": H, "cells": C, "dZ": Z, "dH": dH, "dC": dC}


class Chain:
    """Random scores for the conditional random field; tag 0 may go anywhere, some other transitions are forbidden."""

    def __init__(self, lengths, Y, scale=1.0, tags=None, whole=False):
        rng = np.random.default_rng([sum(lengths), Y])
        self.batch = ragged(lengths)

        def some(*shape):
            return (rng.integers(-2, 3, shape) if whole else rng.normal(size=shape)).astype(np.float32)

        self.E, self.M, self.bounds = some(self.batch.rows, Y) * np.float32(scale), some(Y, Y), some(2, Y)
        self.M[1:, 1:][rng.random((Y - 1, Y - 1)) < 0.3] = -np.inf
        self.bounds[:, 1:][rng.random((2, Y - 1)) < 0.3] = -np.inf
        if tags is not None:  # the rest is padding
            self.M[tags:], self.M[:, tags:], self.bounds[:, tags:] = -np.inf, -np.inf, -np.inf

    def alone(self, sentence):
        other, rows = object.__new__(Chain), rows_of(self.batch, sentence)
        other.batch, other.E, other.M, other.bounds = ragged([len(rows)]), self.E[rows], self.M, self.bounds
        return other

    def run(self, engine, dtype=np.float32):
        batch, E, bounds, K = self.batch, self.E.astype(dtype), self.bounds.astype(dtype), np.exp(self.M)
        K, where = K.astype(dtype), (batch.sizes, batch.offsets)
        A, F, dE, V = (np.full_like(E, np.nan) for _ in range(4))
        logZ, path = np.full(batch.sentences, np.nan), np.full(batch.rows, -1, np.int32)
        engine.crf_forward(E, panels(K, 16), bounds, *where, A, F, logZ)
        engine.crf_backward(A, F, panels(K.T, 16), *where, dE)
        engine.viterbi(E, panels(self.M.astype(dtype), 16), bounds, *where, V, path)
        transitions = K * (A[batch.previous].T @ F[batch.sentences :])
        return {"logZ": logZ, "marginals": dE, "moves": transitions, "best": V, "path": path}
